package io.jnet.dns;

import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A host in the calling thread's namespace: bridges 10.77.N.1 and fd77:N::1, with containers in namespaces of their own. */
public final class BridgedHost implements AutoCloseable {
    private final Deque<FreshNamespace> containers = new ArrayDeque<>();
    private final Deque<String> bridges = new ArrayDeque<>();
    private int links;

    /** Makes a bridge, and says what the engine would say of its network. */
    public Network bridge(int number) {
        String name = "jbr" + number;
        bridges.remove(name);
        bridges.push(name);
        Commands.run("ip", "link", "add", name, "type", "bridge");
        Commands.run("ip", "link", "set", name, "up");
        Commands.run("ip", "address", "add", address4(number, 1) + "/24", "dev", name);
        Commands.run("ip", "address", "add", address6(number, 1) + "/64", "dev", name);
        return network(number);
    }

    /** Removes a bridge. */
    public void removeBridge(int number) {
        String name = "jbr" + number;
        bridges.remove(name);
        Commands.run("ip", "link", "delete", name);
    }

    /** A container on a bridge, with its address .2 or a later one and its default routes there. */
    public FreshNamespace container(int bridge, int address) {
        FreshNamespace container = FreshNamespace.create();
        containers.push(container);
        attach(container, bridge, address);
        return container;
    }

    /** Puts a container on a bridge, or back on one that was made anew. */
    public void attach(FreshNamespace container, int bridge, int address) {
        String link = "veth" + links++;
        String path = container.call(() -> "/proc/" + Files.readSymbolicLink(Path.of("/proc/thread-self")) + "/ns/net");
        Commands.run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", path);
        Commands.run("ip", "link", "set", link, "master", "jbr" + bridge, "up");
        container.call(() -> {
            Commands.run("ip", "link", "set", "eth0", "up");
            Commands.run("ip", "address", "add", address4(bridge, address) + "/24", "dev", "eth0");
            Commands.run("ip", "address", "add", address6(bridge, address) + "/64", "dev", "eth0", "nodad");
            Commands.run("ip", "route", "add", "default", "via", address4(bridge, 1));
            return Commands.run("ip", "-6", "route", "add", "default", "via", address6(bridge, 1));
        });
    }

    /** An IPv4 address on a bridge. */
    public static String address4(int bridge, int host) {
        return "10.77." + bridge + "." + host;
    }

    /** An IPv6 address on a bridge. */
    public static String address6(int bridge, int host) {
        return "fd77:" + bridge + "::" + host;
    }

    @Override
    public void close() {
        List.copyOf(bridges).forEach(name -> Commands.run("ip", "link", "delete", name));
        // A veth pair goes with either end, but some time after the namespace that has it.
        for (FreshNamespace container : containers) {
            if (container.links().contains("eth0")) {
                container.call(() -> Commands.run("ip", "link", "delete", "eth0"));
            }
            container.close();
        }
    }

    private static Network network(int number) {
        NetworkSpec spec = new NetworkSpec(
                new NetworkId("network" + number),
                Optional.of("net" + number),
                Optional.empty(),
                List.of(
                        subnet(address4(number, 0) + "/24", address4(number, 1) + "/24"),
                        subnet(address6(number, 0) + "/64", address6(number, 1) + "/64")),
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of());
        return new Network(
                spec, new InterfaceName("jbr" + number), MacAddress.parse("02:00:00:00:00:01"), NetworkState.READY);
    }

    private static Subnet subnet(String prefix, String gateway) {
        IpPrefix parsed = IpPrefix.parse(prefix);
        return new Subnet(
                new IpPrefix(IpAddress.of(parsed.address().bytes()), parsed.length()),
                Optional.of(IpPrefix.parse(gateway)),
                Optional.empty());
    }
}
