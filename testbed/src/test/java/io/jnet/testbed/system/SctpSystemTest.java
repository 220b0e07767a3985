package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Published SCTP ports: an association's first two packets, made by hand, whose ports and checksums are translated both ways. */
@SystemTest
class SctpSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final int CLIENT_PORT = 40000;
    private static final int HOST_PORT = 9899;
    private static final int CONTAINER_PORT = 3868;
    private static final SctpPacket INIT = new SctpPacket(CLIENT_PORT, HOST_PORT, 0, SctpPacket.INIT, 0x11223344);
    private static final SctpPacket ANSWER =
            new SctpPacket(CONTAINER_PORT, CLIENT_PORT, 0x11223344, SctpPacket.INIT_ACK, 0x55667788);

    @BeforeEach
    void createNetwork() {
        LAB.createNetwork("web", "--ipv6", "--subnet", "10.90.1.0/24", "--subnet", "fd00:90:1::/64");
    }

    /** Keeps what arrives in a file and answers with an INIT ACK. */
    private static Container serve(String family, String... options) {
        Container container = LAB.docker().idle(options);
        container.shell(
                "printf '%s' >/answer; setsid socat -t 5 %s-RECVFROM:132,fork SYSTEM:'head -c %d | xxd -p -c 64 >/init; xxd -r -p /answer' >/dev/null 2>&1 &"
                        .formatted(ANSWER.hex(), family, SctpPacket.LENGTH));
        Eventually.holds("a raw socket", Duration.ofSeconds(10), () -> container
                .shell("cat /proc/net/raw /proc/net/raw6")
                .contains(":0084 "));
        return container;
    }

    /** Sends bytes from outside and gives the answer's, without an IP header; nothing when none comes within two seconds. */
    private static String send(String family, String address, String hex) {
        String answer = LAB.lab()
                .outside()
                .shell(
                        "socat -lf /dev/null -b 8192 -t 0.1 %s-SENDTO:%s:132 SYSTEM:'echo %s | busybox xxd -r -p; timeout 2 dd bs=8192 count=1 status=none >&2' 2>&1 | busybox xxd -p -c 8192"
                                .formatted(family, address, hex))
                .strip();
        return answer.substring(Math.max(0, answer.length() - 2 * SctpPacket.LENGTH));
    }

    @Test
    void portsAndChecksumsAreTranslatedBothWays() {
        Container server = serve("IP4", "--network", "web", "--publish", HOST_PORT + ":" + CONTAINER_PORT + "/sctp");
        send("IP4", Lab.HOST_ADDRESS, INIT.hexWithWrongChecksum());
        assertThat(server.exec("cat", "/init").succeeded())
                .as("a packet with a wrong checksum arrives")
                .isFalse();

        SctpPacket answer = SctpPacket.parse(send("IP4", Lab.HOST_ADDRESS, INIT.hex()));

        assertThat(SctpPacket.parse(server.shell("cat /init")))
                .isEqualTo(new SctpPacket(CLIENT_PORT, CONTAINER_PORT, 0, SctpPacket.INIT, 0x11223344));
        assertThat(answer)
                .isEqualTo(new SctpPacket(HOST_PORT, CLIENT_PORT, 0x11223344, SctpPacket.INIT_ACK, 0x55667788));
        assertThat(LAB.jnet().run("port", server.id()).orThrow().output())
                .contains(CONTAINER_PORT + "/sctp -> 0.0.0.0:" + HOST_PORT);
    }

    @Test
    void overIpv6Too() {
        Container server = serve(
                "IP6",
                "--network",
                "web",
                "--publish",
                "[" + Lab.HOST_ADDRESS_6 + "]:" + HOST_PORT + ":" + CONTAINER_PORT + "/sctp");
        SctpPacket answer = SctpPacket.parse(send("IP6", "[" + Lab.HOST_ADDRESS_6 + "]", INIT.hex()));
        assertThat(SctpPacket.parse(server.shell("cat /init")).destinationPort())
                .isEqualTo(CONTAINER_PORT);
        assertThat(answer.sourcePort()).isEqualTo(HOST_PORT);
    }

    @Test
    void withoutPublishingNothingArrives() {
        Container server = serve("IP4", "--network", "web");
        assertThat(send("IP4", Lab.HOST_ADDRESS, INIT.hex())).isEmpty();
        assertThat(server.exec("cat", "/init").succeeded()).isFalse();
    }

    /** SCTP peers use the same port again: an entry of the container of before would catch the packet. */
    @Test
    void theContainerOfBeforeIsForgotten() {
        String publish = HOST_PORT + ":" + CONTAINER_PORT + "/sctp";
        Container one = serve("IP4", "--network", "web", "--publish", publish);
        SctpPacket.parse(send("IP4", Lab.HOST_ADDRESS, INIT.hex()));
        LAB.docker().docker("stop", "--time", "0", one.id()).orThrow();
        LAB.docker().idle("--network", "web", "--ip", "10.90.1.2");
        Container two = serve("IP4", "--network", "web", "--publish", publish);
        SctpPacket.parse(send("IP4", Lab.HOST_ADDRESS, INIT.hex()));
        assertThat(SctpPacket.parse(two.shell("cat /init")).destinationPort()).isEqualTo(CONTAINER_PORT);
    }

    @Test
    void aPortIsGivenToOneContainerOnly() {
        LAB.docker().idle("--network", "web", "--publish", HOST_PORT + ":80/sctp");
        CommandResult refused = LAB.docker()
                .docker("run", "--network", "web", "--publish", HOST_PORT + ":80/sctp", Images.TOOLS, "true");
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.errors()).contains(HOST_PORT + "/sctp");
        LAB.docker().idle("--network", "web", "--publish", HOST_PORT + ":80/tcp");
        LAB.docker().idle("--network", "web", "--publish", "80/sctp");
        if (LAB.usesJnet()) {
            LAB.jnet().kill();
            LAB.jnet().startAgain();
            assertThat(LAB.docker()
                            .docker(
                                    "run",
                                    "--network",
                                    "web",
                                    "--publish",
                                    HOST_PORT + ":80/sctp",
                                    Images.TOOLS,
                                    "true")
                            .succeeded())
                    .isFalse();
        }
    }
}
