package io.jnet.engine.link;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.sysctl.SysctlException;
import java.util.function.Supplier;

/** Work with the kernel, whose refusals are the engine's failures. */
final class KernelCalls {
    private KernelCalls() {}

    static <T> T get(Supplier<T> work) {
        try {
            return work.get();
        } catch (KernelException | SysctlException refusal) {
            throw EngineException.kernel(refusal);
        }
    }

    static void run(Runnable work) {
        try {
            work.run();
        } catch (KernelException | SysctlException refusal) {
            throw EngineException.kernel(refusal);
        }
    }
}
