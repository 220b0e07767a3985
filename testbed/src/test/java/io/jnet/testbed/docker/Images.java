package io.jnet.testbed.docker;

import io.jnet.testbed.machine.Compiler;
import io.jnet.testbed.machine.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The one image of the tests, made from programs of this machine: a static busybox with its applets, and socat with its libraries; and the
 * testbed's own {@code send-frame}.
 */
public final class Images {
    /** The name that the image is imported under. */
    public static final String TOOLS = "jnet-testbed/tools:1";

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path SOCAT = Path.of("/usr/bin/socat");
    /** As ldd(1) prints: {@code libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)}, or the loader's path alone. */
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private static Path archive;

    private Images() {}

    /** The image's root as a tar file, made once for all tests of this JVM. */
    public static synchronized Path archive() {
        if (archive == null) {
            Path folder = Folders.temporary();
            try {
                Path root = Files.createDirectories(folder.resolve("root"));
                populate(root);
                Path tar = Files.createTempFile("jnet-image", ".tar");
                tar.toFile().deleteOnExit();
                execute(List.of("tar", "--create", "--file", tar.toString(), "--directory", root.toString(), "."));
                archive = tar;
            } catch (IOException e) {
                throw new UncheckedIOException("make the image", e);
            } finally {
                Folders.delete(folder);
            }
        }
        return archive;
    }

    private static void populate(Path root) throws IOException {
        for (String folder : List.of("bin", "etc", "www", "proc", "sys", "dev")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.createDirectories(root.resolve("tmp"));
        Path bin = root.resolve("bin");
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String applet :
                execute(List.of(BUSYBOX.toString(), "--list")).lines().toList()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Path sources = Folders.temporary();
        try {
            Files.copy(Compiler.compile(Images.class, "send-frame", sources), bin.resolve("send-frame"));
        } finally {
            Folders.delete(sources);
        }
        Files.copy(SOCAT, bin.resolve("socat"));
        for (Path library : libraries(SOCAT)) {
            Path copy = root.resolve(library.toString().substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(library, copy);
        }
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
        Files.writeString(root.resolve("www/index.html"), "hello from the container\n");
    }

    private static List<Path> libraries(Path program) throws IOException {
        List<Path> libraries = new ArrayList<>();
        for (MatchResult match : LIBRARY.matcher(execute(List.of("ldd", program.toString())))
                .results()
                .toList()) {
            libraries.add(Path.of(match.group(1)));
        }
        return libraries;
    }

    static String execute(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
        return output;
    }
}
