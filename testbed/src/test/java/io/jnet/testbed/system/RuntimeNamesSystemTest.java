package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.Podman;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.names.LookUp;
import io.jnet.testbed.names.NamedBox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names of containers and pods of Podman, and of Docker's containers, whose own resolver asks jnet's. */
@SystemTest
class RuntimeNamesSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final String LOOK_UP = "/bin/look-up";
    private static final String BLUE =
            """
            {"cniVersion": "0.4.0", "name": "blue", "plugins": [{"type": "jnet", "isDefaultGateway": true, "ipMasq": true,
              "ipam": {"type": "jnet", "subnet": "10.86.0.0/24"}, "capabilities": {"portMappings": true, "ips": true, "aliases": true}}]}
            """;

    private static Podman podman;

    private final List<NamedBox> boxes = new ArrayList<>();

    @BeforeAll
    static void configure() {
        podman = Podman.on(LAB.host());
        LAB.jnet()
                .run("cni", "install", "--bin-dir", Podman.PLUGINS, "--network", "red", "--subnet", "10.87.0.0/24")
                .orThrow();
        podman.network("blue", BLUE);
        podman.loadFromDocker(Images.TOOLS);
    }

    @AfterEach
    void removeContainers() {
        podman.removeEverything();
        boxes.forEach(NamedBox::remove);
        LAB.docker().removeEverything();
        Eventually.holds("no endpoint is left", JnetDaemon.UNASKED, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
    }

    @Test
    void podmansContainersFindEachOther() {
        run("db", "red", "--network-alias", "store");
        run("client", "red");
        assertThat(podman.exec("client", "cat", "/etc/resolv.conf").text())
                .contains("nameserver 10.87.0.1", "search red.jnet.internal");
        String address = address("db", "red");
        for (String name :
                List.of("db", "store", "db.red.jnet.internal", podman.id("db").substring(0, 12))) {
            assertThat(lookUp("client", name)).as(name).containsExactly(address);
        }
        // That of the image is glibc's.
        assertThat(podman.exec("client", "ping", "-c", "1", "-W", "1", "db").text())
                .contains("db (" + address + ")");
        assertThat(lookUp("client", "nobody")).isEmpty();
    }

    @Test
    void aNameFollowsARestart() {
        run("db", "red", "--ip", "10.87.0.20");
        run("client", "red");
        assertThat(lookUp("client", "db")).containsExactly("10.87.0.20");
        podman.podman("stop", "--time", "0", "db");
        Eventually.holds(
                "the name is gone", AT_ONCE, () -> lookUp("client", "db").isEmpty());
        podman.podman("start", "db");
        assertThat(lookUp("client", "db")).containsExactly(address("db", "red"));
    }

    @Test
    void aContainerOnTwoNetworksSeesTheNamesOfBoth() {
        run("db", "red");
        run("mail", "blue");
        run("both", "red,blue");
        run("one", "blue");
        assertThat(lookUp("both", "db")).containsExactly(address("db", "red"));
        assertThat(lookUp("both", "mail")).containsExactly(address("mail", "blue"));
        assertThat(lookUp("both", "mail.blue.jnet.internal")).containsExactly(address("mail", "blue"));
        assertThat(lookUp("one", "mail")).containsExactly(address("mail", "blue"));
        assertThat(lookUp("one", "db")).isEmpty();
        assertThat(lookUp("one", "db.red.jnet.internal")).isEmpty();
    }

    @Test
    void aPodIsFoundByItsName() {
        podman.pod("shop", "red");
        podman.runInPod("front", "shop", "-v", LookUp.program() + ":" + LOOK_UP);
        run("db", "red");
        NamedBox box = box("box");
        box.attach("red");
        List<String> pod = LookUp.MUSL.in(box, "shop");
        assertThat(pod).hasSize(1);
        assertThat(box.run("ping", "-c", "1", "-W", "2", pod.get(0)).succeeded())
                .isTrue();
        assertThat(lookUp("front", "db")).as("from within the pod").containsExactly(address("db", "red"));
    }

    /** Docker's resolver knows Docker's containers; it asks jnet's for the others. */
    @Test
    void dockersContainersFindTheOthersAndAreFound() {
        LAB.createNetwork("mixed", "--subnet", "10.85.0.0/24", "--ipam-driver", "jnet", "-o", "io.jnet.name=mixed");
        NamedBox box = box("box");
        String address = box.attach("mixed");
        Container web =
                LAB.docker().idle("--network", "name=mixed,driver-opt=io.jnet.dns.names=front", "--name", "web");
        Container client = LAB.docker()
                .idle(
                        "--network",
                        "mixed",
                        "--dns",
                        "10.85.0.1",
                        "--dns-search",
                        "mixed.jnet.internal",
                        "-v",
                        LookUp.program() + ":" + LOOK_UP);
        assertThat(addresses(client, "box")).containsExactly(address);
        assertThat(addresses(client, "box.mixed.jnet.internal")).containsExactly(address);
        assertThat(addresses(client, "web")).as("Docker's own").containsExactly(web.address("mixed"));
        assertThat(addresses(client, "front")).containsExactly(web.address("mixed"));
        assertThat(addresses(client, "nobody")).isEmpty();
        assertThat(LookUp.MUSL.in(box, "front")).containsExactly(web.address("mixed"));
        assertThat(LAB.jnet().run("endpoint", "ls").text()).contains("front", "box");
        box.detach("mixed");
        assertThat(addresses(client, "box")).isEmpty();
    }

    private NamedBox box(String name) {
        NamedBox box = NamedBox.make(LAB.host(), name);
        boxes.add(box);
        return box;
    }

    private static void run(String name, String network, String... options) {
        List<String> all = new ArrayList<>(List.of("--network", network, "-v", LookUp.program() + ":" + LOOK_UP));
        all.addAll(List.of(options));
        podman.idle(name, all);
    }

    private static List<String> lookUp(String container, String name) {
        return LookUp.addresses(podman.exec(container, LOOK_UP, name));
    }

    private static List<String> addresses(Container container, String name) {
        CommandResult result = container.exec(LOOK_UP, name);
        return LookUp.addresses(result);
    }

    private static String address(String container, String network) {
        return podman.podman(
                "inspect", "--format", "{{.NetworkSettings.Networks." + network + ".IPAddress}}", container);
    }
}
