package io.jnet.testbed.names;

import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Compiler;
import io.jnet.testbed.machine.Folders;
import java.nio.file.Path;
import java.util.List;

/** How programs look names up: the resolvers of two C libraries, which differ in what they send and in what they make of answers. */
public enum LookUp {
    /** That of this machine, by getent(1). */
    GLIBC {
        @Override
        List<String> command(String name) {
            return List.of("getent", "ahosts", name);
        }
    },
    /** That of Alpine's images. */
    MUSL {
        @Override
        List<String> command(String name) {
            return List.of(Musl.PROGRAM.toString(), name);
        }
    };

    /** The program, made once for all tests of this JVM. */
    private static final class Musl {
        private static final Path PROGRAM = program();

        private static Path program() {
            Path folder = Folders.temporary();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.delete(folder)));
            return Compiler.compileWithMusl(LookUp.class, "look-up", folder);
        }
    }

    /** The addresses of a name, each once, in the order of the answer; none when there is no such name. */
    public List<String> in(NamedBox box, String name) {
        return addresses(ask(box, name));
    }

    /** What the program prints of a name. */
    public CommandResult ask(NamedBox box, String name) {
        return box.run(command(name).toArray(String[]::new));
    }

    /** The program of {@link #MUSL}, which needs no library. */
    public static Path program() {
        return Musl.PROGRAM;
    }

    /** Of what either prints: addresses at the beginnings of lines. */
    public static List<String> addresses(CommandResult printed) {
        return printed.lines().stream()
                .map(line -> line.replaceFirst("\\s.*", ""))
                .filter(address -> !address.isEmpty())
                .distinct()
                .toList();
    }

    abstract List<String> command(String name);
}
