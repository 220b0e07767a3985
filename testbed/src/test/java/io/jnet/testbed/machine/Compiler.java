package io.jnet.testbed.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Builds tools of the testbed that have to be in C. */
public final class Compiler {
    private Compiler() {}

    /**
     * Compiles {@code NAME.c} of a class's package, without libraries that would have to be there at run time, and gives the program.
     *
     * @param beside the class
     * @param folder gets the program, and the sources
     * @param headers of the same package
     */
    public static Path compile(Class<?> beside, String name, Path folder, String... headers) {
        return compile("gcc", beside, name, folder, headers);
    }

    /** The same with musl in the place of the C library of this machine. */
    public static Path compileWithMusl(Class<?> beside, String name, Path folder) {
        return compile("musl-gcc", beside, name, folder);
    }

    private static Path compile(String driver, Class<?> beside, String name, Path folder, String... headers) {
        Path program = folder.resolve(name);
        try {
            for (String header : headers) {
                copy(beside, header, folder);
            }
            Path source = copy(beside, name + ".c", folder);
            List<String> command =
                    List.of(driver, "-O1", "-Wall", "-static", "-o", program.toString(), source.toString());
            Process compiler =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
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

    private static Path copy(Class<?> beside, String file, Path folder) throws IOException {
        Path copy = folder.resolve(file);
        try (var text = beside.getResourceAsStream(file)) {
            Files.copy(text, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }
}
