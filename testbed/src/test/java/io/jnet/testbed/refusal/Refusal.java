package io.jnet.testbed.refusal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
        Path source = folder.resolve("refuse.c");
        Path program = folder.resolve("refuse");
        try (var text = Refusal.class.getResourceAsStream("refuse.c")) {
            Files.copy(text, source);
            Process compiler = new ProcessBuilder("gcc", "-O1", "-Wall", "-o", program.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (compiler.waitFor() != 0) {
                throw new IllegalStateException("cannot compile " + source + ": " + output);
            }
            return new Refusal(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while gcc ran", e);
        }
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
    public List<String> of(CountedRequests requests) {
        return List.of(program.toString(), "--count", requests.file().toString());
    }
}
