package io.jnet.engine.rebuild;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.host.LivingNamespaces;
import io.jnet.engine.store.StateStore;
import java.util.Optional;

/** Whether a state that was used in another network namespace may be taken for one of before a reboot. */
public final class StateNamespace {
    private StateNamespace() {}

    /**
     * Refuses a state with something in it that is of another network namespace of this boot, while that is there: its networks are, too.
     *
     * @param present the boot and network namespace of this process
     * @throws EngineException with {@code UNSUPPORTED} and what to do
     */
    public static void requireOwn(StateStore store, String present, LivingNamespaces namespaces) {
        String recorded = store.read(state -> state.identity()).namespace();
        boolean sameBoot = boot(recorded).equals(boot(present));
        if (recorded.equals(present) || !sameBoot || isEmpty(store)) {
            return;
        }
        Optional<String> keeper =
                namespaces.keeper(recorded.substring(boot(recorded).length()).strip());
        if (keeper.isPresent()) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED,
                    "the state in " + store.directory() + " is of another network namespace, which is still there ("
                            + keeper.get()
                            + "): start jnet in that one, or give this one a state of its own with --state-dir; nothing was changed");
        }
    }

    private static boolean isEmpty(StateStore store) {
        return store.read(state -> state.networks().isEmpty()
                && state.endpoints().isEmpty()
                && state.changedSettings().isEmpty());
    }

    private static String boot(String namespace) {
        return namespace.split(" ", 2)[0];
    }
}
