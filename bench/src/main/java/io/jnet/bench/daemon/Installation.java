package io.jnet.bench.daemon;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.Machine;
import java.nio.file.Path;
import java.util.List;

/**
 * A copy of the distribution for one Java, on a machine.
 *
 * @param label for tables
 * @param java what runs it
 * @param home its folder
 * @param machine where it is run
 */
record Installation(String label, JavaRuntime java, Path home, Machine machine) {
    private static final String ARCHIVE = "lib/jnet.jsa";

    /** A copy with the archive of loaded classes that this Java reads: {@code lib/make-archive} makes it. */
    static Installation prepared(JavaRuntime java, Path folder, Machine machine) {
        Installation copy = copy(java.toString(), java, folder.resolve("java" + java.major()), machine);
        machine.run(
                        "env",
                        "JAVA_HOME=" + java.home(),
                        copy.home.resolve("lib/make-archive").toString())
                .orThrow();
        machine.run("test", "-s", copy.home.resolve(ARCHIVE).toString()).orThrow();
        return copy;
    }

    /** A copy without the archive. */
    static Installation bare(JavaRuntime java, Path folder, Machine machine) {
        return copy(java + " without archive", java, folder.resolve("java" + java.major() + "-bare"), machine);
    }

    private static Installation copy(String label, JavaRuntime java, Path home, Machine machine) {
        machine.run("cp", "--recursive", JnetDaemon.distribution().toString(), home.toString())
                .orThrow();
        machine.run("rm", "--force", home.resolve(ARCHIVE).toString()).orThrow();
        return new Installation(label, java, home, machine);
    }

    List<String> command() {
        return List.of(
                "env", "JAVA_HOME=" + java.home(), home.resolve("bin/jnet").toString(), "daemon");
    }
}
