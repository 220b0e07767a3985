package io.jnet.testbed.supervision;

import io.jnet.testbed.machine.Compiler;
import java.nio.file.Path;
import java.util.List;

/** Builds the tool {@code refuse}, and gives what a command line has to begin with for the kernel to refuse something. */
public final class Refusal {
    private final Path program;

    private Refusal(Path program) {
        this.program = program;
    }

    /**
     * Compiles the tool.
     *
     * @param folder where it is put; machines must see it under the same path
     */
    public static Refusal build(Path folder) {
        return new Refusal(Compiler.compile(Refusal.class, "refuse", folder, "supervisor.h"));
    }

    /** A kernel that does not know a kind of link, or an expression of nftables: the refusal is its own. */
    public List<String> ofUnknown(String word) {
        return List.of(program.toString(), "--unknown", word);
    }

    /** A kernel without a protocol of netlink: 12 is nfnetlink (linux/netlink.h). */
    public List<String> ofProtocol(int number) {
        return List.of(program.toString(), "--protocol", Integer.toString(number));
    }

    /** A kernel that refuses the request that {@code requests} says. */
    public List<String> of(CountedCalls requests) {
        return List.of(program.toString(), "--count", requests.file().toString());
    }
}
