package io.jnet.daemon.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.daemon.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of systemctl(1), of a script in its place. */
class ServicesTest {
    @TempDir
    private Path folder;

    @Test
    void aStoppedServiceWhoseSocketSystemdKeepsIsSystemds() throws IOException {
        assertThat(systemctl("*jnet.service) exit 3 ;;").answer()).isTrue();
        assertThat(systemctl("*jnet.service) exit 0 ;;", "*jnet.socket) exit 3 ;;")
                        .answer())
                .isTrue();
        assertThat(systemctl("is-active*) exit 3 ;;").answer()).isFalse();
    }

    @Test
    void aServiceThatHasFailedOrIsBeingStartedIsStartedAnew() throws IOException {
        Services services = systemctl("is-active*) exit 3 ;;", "reset-failed*) exit 1 ;;");
        assertThat(services.start())
                .containsExactly(
                        "ran systemctl daemon-reload",
                        "ran systemctl enable jnet.socket jnet.service",
                        "ran systemctl start jnet.socket",
                        "ran systemctl restart jnet.service");
        assertThat(folder.resolve("calls"))
                .content()
                .containsSubsequence(
                        "reset-failed jnet.socket jnet.service", "start jnet.socket", "restart jnet.service");
    }

    @Test
    void anotherServiceThatDoesNotReadItsFilesIsTold() throws IOException {
        Services services =
                systemctl("'reload NetworkManager.service') echo 'Job failed.'; echo 'See journal.'; exit 1 ;;");
        assertThat(services.start())
                .contains("ran systemctl reload systemd-networkd.service", "ran systemctl restart jnet.service")
                .anyMatch(line -> line.startsWith("warning: systemctl reload NetworkManager.service failed")
                        && line.endsWith(": Job failed. See journal."));
    }

    @Test
    void whatCannotBeStartedIsAnErrorInOneLine() throws IOException {
        Services services = systemctl("'restart jnet.service') echo 'Job failed.'; echo 'See journal.'; exit 1 ;;");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(services::start)
                .withMessage("systemctl restart jnet.service failed: Job failed. See journal.");
    }

    /** @param answers arms of a {@code case} of sh(1) over the arguments; what none is for succeeds */
    private Services systemctl(String... answers) throws IOException {
        Path script = folder.resolve("systemctl");
        Files.writeString(
                script,
                "#!/bin/sh\necho \"$*\" >>" + folder.resolve("calls") + "\ncase \"$*\" in\n"
                        + String.join("\n", answers) + "\nesac\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Services(script);
    }
}
