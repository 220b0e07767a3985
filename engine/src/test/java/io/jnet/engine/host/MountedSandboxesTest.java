package io.jnet.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MountedSandboxesTest {
    private final Sandboxes sandboxes = new MountedSandboxes();

    @Test
    void aProcessKeepsItsNamespaceWhileItLives() throws Exception {
        assertThat(sandboxes.isThere("/proc/self/ns/net")).isTrue();
        assertThat(sandboxes.isThere("/proc/0/ns/net")).isFalse();

        // A child that ends when its parent is a program that asks for no child.
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.3 & echo $!; exec sleep 60").start();
        try {
            String child = parent.inputReader().readLine();
            Path status = Path.of("/proc", child, "stat");
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!Files.readString(status).contains(") Z ") && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(Files.readString(status)).contains(") Z ");
            assertThat(sandboxes.isThere("/proc/" + child + "/ns/net")).isFalse();
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsNoNamespaceIsNotThere() {
        assertThat(sandboxes.isThere("")).isFalse();
        assertThat(sandboxes.isThere("by hand")).isFalse();
        assertThat(sandboxes.isThere("/etc/hostname")).isFalse();
    }
}
