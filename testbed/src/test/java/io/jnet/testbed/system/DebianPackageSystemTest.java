package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.JnetDaemon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package that the build has made. */
@SystemTest
class DebianPackageSystemTest {
    /** {@code -rwxr-xr-x root/root 63128 2026-01-01 00:00 ./usr/lib/jnet/bin/jnet-cni} */
    private static final Pattern LINE = Pattern.compile("(\\S{10}) root/root +\\d+ \\S+ \\S+ \\.?(/.*)");

    private static final Path PACKAGE = JnetDaemon.distribution().resolveSibling("jnet.deb");

    @TempDir
    private Path folder;

    @Test
    void whatIsInItIsWhatJnetInstallInstalls() throws Exception {
        need("dpkg-deb");
        Path launcher = JnetDaemon.distribution().resolve("bin/jnet");
        run(launcher.toString(), "install", "--root", folder.toString());
        Set<String> installed = new TreeSet<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(path -> !Files.isDirectory(path))
                    .forEach(path -> installed.add(mode(path) + " /" + folder.relativize(path)
                            + (Files.isSymbolicLink(path) ? " -> ../lib/jnet/bin/jnet" : "")));
        }
        installed.removeIf(line -> line.endsWith("/usr/lib/jnet/installed"));
        Set<String> packaged = new TreeSet<>();
        for (String line :
                run("dpkg-deb", "--contents", PACKAGE.toString()).lines().toList()) {
            var parts = LINE.matcher(line);
            assertThat(parts.matches()).as(line).isTrue();
            if (!parts.group(1).startsWith("d")) {
                // A link has no mode of its own.
                packaged.add(parts.group(1).replaceAll("^l.*", "lrwxrwxrwx") + " " + parts.group(2));
            } else {
                assertThat(parts.group(1)).as(line).isEqualTo("drwxr-xr-x");
            }
        }
        packaged.removeIf(line -> line.contains("/usr/share/doc/jnet/") || line.contains("/usr/share/lintian/"));
        assertThat(packaged).isEqualTo(installed);
    }

    @Test
    void itSaysWhatItNeeds() throws Exception {
        need("dpkg-deb");
        assertThat(run("dpkg-deb", "--field", PACKAGE.toString()))
                .contains("Package: jnet\n", "java17-runtime-headless", "libnftables1");
        assertThat(run("dpkg-deb", "--info", PACKAGE.toString(), "conffiles").strip())
                .isEqualTo("/etc/jnet/jnet.conf");
    }

    @Test
    void lintianFindsNothing() throws Exception {
        need("lintian");
        assertThat(run(
                        "lintian",
                        "--allow-root",
                        "--no-cfg",
                        "--fail-on",
                        "error,warning",
                        "--tag-display-limit",
                        "0",
                        PACKAGE.toString()))
                .isEmpty();
    }

    private static String mode(Path path) {
        if (Files.isSymbolicLink(path)) {
            return "lrwxrwxrwx";
        }
        return Files.isExecutable(path) ? "-rwxr-xr-x" : "-rw-r--r--";
    }

    /** Skips the test where a program is not installed; with {@code CI} set it fails. */
    private static void need(String program) {
        boolean there = Stream.of("/usr/bin", "/bin").anyMatch(place -> Files.isExecutable(Path.of(place, program)));
        if (System.getenv("CI") != null) {
            assertThat(there).as("%s is installed", program).isTrue();
        }
        assumeTrue(there, "needs " + program);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
