package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.Lab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lab itself, with Docker's own bridge driver: what fails here is no fault of jnet. */
@SystemTest
class LabSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withoutJnet();

    @Test
    void neighboursReachTheHostAndTheFarMachineThroughARouter() {
        assertThat(LAB.host()
                        .run("ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS)
                        .succeeded())
                .isTrue();
        assertThat(LAB.host()
                        .run("ping", "-c", "1", "-W", "2", Lab.OUTSIDE2_ADDRESS_6)
                        .succeeded())
                .isTrue();
        assertThat(LAB.lab()
                        .far()
                        .run("ping", "-c", "1", "-W", "2", Lab.HOST_ADDRESS_6)
                        .succeeded())
                .isTrue();
        assertThat(LAB.host()
                        .run("ping", "-c", "1", "-W", "2", "-M", "do", "-s", "1400", Lab.FAR_ADDRESS)
                        .succeeded())
                .isFalse();
    }

    @Test
    void machinesShareNeitherRunNorProcesses() {
        LAB.host().shell("touch /run/here /var/lib/there");
        assertThat(LAB.lab().outside().run("ls", "/run/here").succeeded()).isFalse();
        assertThat(LAB.lab().outside().run("ls", "/var/lib/there").succeeded()).isFalse();
        assertThat(LAB.lab().outside().shell("ps ax")).doesNotContain("dockerd");
        assertThat(LAB.host().shell("ps ax")).contains("dockerd");
    }

    @Test
    void aPublishedPortAnswersOutside() {
        LAB.createNetwork("web");
        Container server = LAB.docker()
                .run("--network", "web", "--publish", "8080:80", Images.TOOLS, "httpd", "-f", "-p", "80", "-h", "/www");
        assertThat(server.address("web")).startsWith("172.");
        assertThat(LAB.lab().outside().shell("curl -sS --retry 5 --retry-connrefused http://198.51.100.10:8080/"))
                .isEqualTo("hello from the container\n");
    }

    @Test
    void aRebootKeepsTheDiskAndTheCables() {
        try (Lab lab = Lab.open()) {
            lab.host().shell("touch /run/volatile /var/lib/kept; ip link add br0 type bridge");
            lab.host().reboot();
            assertThat(lab.host().run("ls", "/run/volatile").succeeded()).isFalse();
            assertThat(lab.host().run("ls", "/var/lib/kept").succeeded()).isTrue();
            assertThat(lab.host().shell("ip -brief link")).doesNotContain("br0").contains("eth0", "eth1");
            assertThat(lab.host()
                            .run("ping", "-c", "1", "-W", "2", Lab.FAR_ADDRESS)
                            .succeeded())
                    .isTrue();
        }
    }
}
