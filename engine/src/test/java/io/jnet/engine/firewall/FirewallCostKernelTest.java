package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.DumpInterruptedException;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes cost. Bounds are far above the figures of a quiet machine, which the test prints. */
@KernelTest
class FirewallCostKernelTest {
    private static final int ROUNDS = 200;
    private static final IpAddress CONTAINER = IpAddress.parse("10.77.0.2");
    private static final NetworkRules NETWORK = new NetworkRules(
            new InterfaceName("jbr-a"),
            List.of(IpPrefix.parse("10.77.0.0/24")),
            List.of(IpAddress.parse("10.77.0.1")),
            EnumSet.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER));

    @Test
    void publishingCostsTheSameBesideTenThousandElements(@TempDir Path folder) throws Exception {
        try (NftFirewall firewall = NftFirewall.open()) {
            firewall.install(new FirewallState("cost", List.of(NETWORK), List.of(), Surroundings.NONE));
            medianPublish(firewall);
            double empty = medianPublish(firewall);
            firewall.publish(many(10_000));
            double full = medianPublish(firewall);
            Path foreign = folder.resolve("foreign.nft");
            Files.writeString(
                    foreign,
                    "table ip foreign {\nset blocked {\ntype ipv4_addr\nflags interval\nelements = { "
                            + IntStream.range(0, 10_000)
                                    .mapToObj(i -> "11." + i / 250 + "." + i % 250 + ".0/25")
                                    .collect(Collectors.joining(", "))
                            + " }\n}\n}\n");
            Commands.run("nft", "-f", foreign.toString());
            double beside = medianPublish(firewall);
            System.out.printf(
                    "publish one port, median ms: empty %.3f, 10,000 ports %.3f, and a foreign set %.3f%n",
                    empty, full, beside);

            assertThat(full).isLessThan(Math.max(empty * 4, 2));
            assertThat(beside).isLessThan(Math.max(empty * 4, 2));
        }
    }

    @Test
    void installingTakesMillisecondsForAThousandPorts() {
        try (NftFirewall firewall = NftFirewall.open()) {
            FirewallState state = new FirewallState("cost", List.of(NETWORK), many(1000), Surroundings.NONE);
            double[] times = new double[20];
            for (int i = 0; i < times.length; i++) {
                times[i] = millis(() -> firewall.install(state));
            }
            System.out.printf(
                    "install with 1,000 ports, ms: first %.1f, again (median) %.1f%n", times[0], median(times));

            assertThat(median(times)).isLessThan(500);
        }
    }

    @Test
    void aSecuredPortIsAFewElementsHoweverManyThereAre() {
        try (NftFirewall firewall = NftFirewall.open()) {
            firewall.install(new FirewallState("cost", List.of(NETWORK), List.of(), Surroundings.NONE));
            firewall.addBridgePort(port(0));
            long rules = rules();
            medianPort(firewall);
            double one = medianPort(firewall);
            for (int i = 1; i < 500; i++) {
                firewall.addBridgePort(port(i));
            }
            double many = medianPort(firewall);
            System.out.printf("add a secured port, median ms: beside 1 %.3f, beside 500 %.3f%n", one, many);

            assertThat(rules()).as("rules with 500 ports as with one").isEqualTo(rules);
            assertThat(Commands.run("nft", "list", "set", "bridge", "jnet", "port_macs")
                            .split("\"jv", -1))
                    .hasSize(501);
            assertThat(many).isLessThan(Math.max(one * 4, 2));
        }
    }

    @Test
    void countersOfAThousandPortsAreReadInMillisecondsAndKeepNobodyWaiting() throws Exception {
        try (NftFirewall firewall = NftFirewall.open();
                PublishedCounters counters = PublishedCounters.open()) {
            firewall.install(new FirewallState("cost", List.of(NETWORK), many(1000), Surroundings.NONE));
            medianPublish(firewall);
            double alone = medianPublish(firewall);
            double[] times = new double[50];
            for (int i = 0; i < times.length; i++) {
                times[i] = millis(() -> assertThat(counters.read()).hasSize(1000));
            }
            AtomicBoolean done = new AtomicBoolean();
            Thread reader = new Thread(() -> {
                while (!done.get()) {
                    try {
                        counters.read();
                    } catch (DumpInterruptedException changing) {
                        // There is another reading.
                    }
                }
            });
            reader.start();
            double beside = medianPublish(firewall);
            done.set(true);
            reader.join();
            System.out.printf(
                    "read counters of 1,000 ports, median ms: %.1f; publish alone %.3f, beside a reader %.3f%n",
                    median(times), alone, beside);

            assertThat(median(times)).isLessThan(100);
            assertThat(beside).isLessThan(Math.max(alone * 10, 10));
        }
    }

    private static long rules() {
        return Commands.run("nft", "-a", "list", "table", "bridge", "jnet")
                .lines()
                .filter(line -> line.startsWith("\t\t") && line.contains(" # handle "))
                .count();
    }

    private static double medianPort(NftFirewall firewall) {
        double[] times = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            times[i] = millis(() -> firewall.addBridgePort(port(60000)));
            firewall.removeBridgePort(port(60000));
        }
        return median(times);
    }

    private static BridgePortRules port(int number) {
        return new BridgePortRules(
                new InterfaceName("jv%013x".formatted(number)),
                MacAddress.parse("02:00:00:00:%02x:%02x".formatted(number >> 8, number & 0xff)),
                List.of(
                        IpAddress.parse("10.77.%d.%d".formatted(number >> 8, number & 0xff)),
                        IpAddress.parse("fd00:77::%x".formatted(number + 2))),
                EnumSet.of(NetworkFlag.PORT_SECURITY));
    }

    private static double medianPublish(NftFirewall firewall) {
        List<Publication> one = List.of(publication(60000));
        double[] times = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            times[i] = millis(() -> firewall.publish(one));
            firewall.unpublish(one);
        }
        return median(times);
    }

    private static List<Publication> many(int count) {
        List<Publication> publications = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            publications.add(publication(10_000 + i));
        }
        return publications;
    }

    private static Publication publication(int port) {
        return new Publication(Protocol.TCP, IpAddress.any(CONTAINER.family()), PortRange.of(port), CONTAINER, 80);
    }

    private static double millis(Runnable code) {
        long start = System.nanoTime();
        code.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] times) {
        return java.util.Arrays.stream(times)
                .sorted()
                .skip(times.length / 2)
                .findFirst()
                .orElseThrow();
    }
}
