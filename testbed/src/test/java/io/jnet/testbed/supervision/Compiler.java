package io.jnet.testbed.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Builds this package's tools. */
final class Compiler {
    private Compiler() {}

    /** Compiles {@code NAME.c} into a folder, and gives the program. */
    static Path compile(Path folder, String name) {
        Path program = folder.resolve(name);
        try {
            copy("supervisor.h", folder);
            Path source = copy(name + ".c", folder);
            Process compiler = new ProcessBuilder("gcc", "-O1", "-Wall", "-o", program.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (compiler.waitFor() != 0) {
                throw new IllegalStateException("cannot compile " + source + ": " + output);
            }
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while gcc ran", e);
        }
    }

    private static Path copy(String file, Path folder) throws IOException {
        Path copy = folder.resolve(file);
        try (var text = Compiler.class.getResourceAsStream(file)) {
            Files.copy(text, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }
}
