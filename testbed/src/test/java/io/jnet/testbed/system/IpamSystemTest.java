package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Addresses from jnet, for its own networks and for those of Docker's bridge driver. */
@SystemTest
class IpamSystemTest {
    /** What the daemon logs. */
    private static final String FREED = "freed an address";

    private static final String ADDRESS =
            "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}";

    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    @BeforeEach
    void needJnet() {
        Assumptions.assumeTrue(LAB.usesJnet(), "the driver under test is not jnet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jnet", "bridge"})
    void a_network_gets_a_pool_that_overlaps_nothing_and_gives_it_back(String driver) {
        LAB.host().shell("ip route add unreachable 172.16.0.0/24 table 77; ip address add 172.16.1.7/32 dev lo");
        try {
            create(driver, "first");
            create(driver, "second", "--ipv6");
            assertThat(subnets("first")).isEqualTo("172.16.2.0/24");
            assertThat(subnets("second")).matches("172\\.16\\.3\\.0/24 fd[0-9a-f:]+::/64");
            Container one = LAB.docker().idle("--network", "first");
            Container two = LAB.docker().idle("--network", "second");
            assertThat(LAB.docker().inspect(one.id(), ADDRESS)).isEqualTo("172.16.2.2");
            assertThat(LAB.docker().inspect(two.id(), ADDRESS)).matches("172\\.16\\.3\\.2 fd[0-9a-f:]+::2");
            assertThat(endpoints()).hasSize(3);
            LAB.docker().docker("rm", "--force", one.id(), two.id()).orThrow();
            assertThat(endpoints()).isEmpty();
            LAB.docker().docker("network", "rm", "first", "second").orThrow();
            assertThat(LAB.jnet().json("ipam", "pools")).isEmpty();
        } finally {
            LAB.host().shell("ip route flush table 77; ip address del 172.16.1.7/32 dev lo");
        }
    }

    @Test
    void ranges_gateways_auxiliary_and_static_addresses_are_honoured() {
        create(
                "jnet",
                "web",
                "--subnet",
                "10.91.0.0/16",
                "--ip-range",
                "10.91.7.0/29",
                "--gateway",
                "10.91.0.254",
                "--aux-address",
                "router=10.91.7.1");
        Container first = LAB.docker().idle("--network", "web");
        Container named = LAB.docker().idle("--network", "web", "--ip", "10.91.3.3");
        assertThat(LAB.docker().inspect(first.id(), ADDRESS)).isEqualTo("10.91.7.0");
        assertThat(LAB.docker().inspect(named.id(), ADDRESS)).isEqualTo("10.91.3.3");
        assertThat(LAB.docker().inspect(LAB.docker().idle("--network", "web").id(), ADDRESS))
                .as("the auxiliary address is passed over")
                .isEqualTo("10.91.7.2");
        assertThat(refusal("run", "--detach", "--network", "web", "--ip", "10.91.3.3"))
                .contains("address 10.91.3.3 of pool 10.91.0.0/16 is taken");
        for (int i = 0; i < 5; i++) {
            LAB.docker().idle("--network", "web");
        }
        assertThat(refusal("run", "--detach", "--network", "web"))
                .contains("address pool 10.91.0.0/16, range 10.91.7.0/29, is full: 8 of 8 addresses are leased");
        assertThat(LAB.docker()
                        .docker(
                                "network",
                                "create",
                                "--driver",
                                "jnet",
                                "--ipam-driver",
                                "jnet",
                                "--subnet",
                                "10.91.9.0/24",
                                "other")
                        .everything())
                .contains("pool 10.91.9.0/24 overlaps pool 10.91.0.0/16, which is in use");
    }

    @Test
    void a_network_may_have_several_pools() {
        create(
                "jnet",
                "web",
                "--subnet",
                "10.95.0.0/24",
                "--subnet",
                "10.95.1.0/24",
                "--subnet",
                "fd00:95::/64",
                "--ipv6");
        assertThat(LAB.jnet().json("ipam", "pools")).hasSize(3);
        Container one = LAB.docker().idle("--network", "web", "--ip", "10.95.0.9");
        Container other = LAB.docker().idle("--network", "web", "--ip", "10.95.1.9");
        assertThat(LAB.docker().inspect(one.id(), ADDRESS)).isEqualTo("10.95.0.9 fd00:95::2");
        assertThat(LAB.docker().inspect(other.id(), ADDRESS)).isEqualTo("10.95.1.9 fd00:95::3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jnet", "bridge"})
    void what_a_killed_dockerd_forgot_is_free_again_and_never_while_a_namespace_has_it(String driver) {
        create(driver, "web", "--subnet", "10.92.0.0/24");
        Container lost = LAB.docker().idle("--network", "web");
        String pid = LAB.docker().inspect(lost.id(), "{{.State.Pid}}");
        String namespace = LAB.docker().inspect(lost.id(), "{{.NetworkSettings.SandboxKey}}");
        assertThat(endpoints()).containsExactly("10.92.0.2");
        leaseForNobody("10.92.0.9");

        LAB.docker().kill();
        LAB.host().shell("kill -KILL " + pid);
        LAB.jnet().kill();
        LAB.jnet().startAgain();
        Eventually.holds("an address that nobody has is free", JnetDaemon.UNASKED, () -> !endpoints()
                .contains("10.92.0.9"));
        assertThat(endpoints())
                .as("the namespace is mounted and has the address")
                .containsExactly("10.92.0.2");
        assertThat(LAB.jnet().log()).containsOnlyOnce(FREED);

        LAB.host().shell("umount " + namespace);
        Eventually.holds(
                "the address is free", JnetDaemon.UNASKED, () -> endpoints().isEmpty());
        assertThat(LAB.jnet().log().split(FREED, -1)).as("freed twice").hasSize(3);

        LAB.docker().startAgain();
        Container next = LAB.docker().idle("--network", "web", "--ip", "10.92.0.2");
        assertThat(LAB.docker().inspect(next.id(), ADDRESS)).isEqualTo("10.92.0.2");
    }

    @Test
    void dockerd_starts_again_without_losing_or_doubling_an_address() {
        create("jnet", "web", "--subnet", "10.93.0.0/24");
        List<Container> containers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            containers.add(LAB.docker().idle("--network", "web", "--restart", "always"));
        }
        LAB.docker().kill();
        LAB.host().reboot();
        LAB.jnet().startAgain();
        LAB.docker().startAgain();
        Eventually.holds("all are back", Duration.ofSeconds(30), () -> containers.stream()
                .allMatch(container -> LAB.docker()
                        .inspect(container.id(), "{{.State.Running}}")
                        .equals("true")));
        List<String> addresses = containers.stream()
                .map(container -> LAB.docker().inspect(container.id(), ADDRESS).strip())
                .toList();
        assertThat(addresses).doesNotHaveDuplicates();
        Eventually.holds("leases are those of the containers", JnetDaemon.UNASKED, () -> new TreeSet<>(endpoints())
                .equals(new TreeSet<>(addresses)));
    }

    private static void create(String driver, String name, String... options) {
        List<String> command =
                new ArrayList<>(List.of("network", "create", "--driver", driver, "--ipam-driver", "jnet"));
        command.addAll(List.of(options));
        command.add(name);
        LAB.docker().docker(command).orThrow();
    }

    private static String refusal(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of(Images.TOOLS, "true"));
        return LAB.docker().docker(command).everything();
    }

    private static String subnets(String network) {
        return LAB.docker()
                .inspect(network, "{{range .IPAM.Config}}{{.Subnet}} {{end}}")
                .strip();
    }

    /** The leased addresses of containers. */
    private static List<String> endpoints() {
        JsonNode leases = LAB.jnet().json("ipam", "leases");
        return StreamSupport.stream(leases.spliterator(), false)
                .filter(lease -> lease.path("purpose").asString().equals("endpoint"))
                .map(lease -> lease.path("address").asString())
                .collect(Collectors.toList());
    }

    /** As dockerd does for a container, which then is not made. */
    private static void leaseForNobody(String address) {
        String pool = LAB.jnet().json("ipam", "pools").get(0).path("id").asString();
        try (PluginClient client = PluginClient.connect(LAB.host().outsidePathOf(JnetDaemon.PLUGIN_SOCKET))) {
            client.call("IpamDriver.RequestAddress", Map.of("PoolID", pool, "Address", address, "Options", Map.of()));
        }
    }
}
