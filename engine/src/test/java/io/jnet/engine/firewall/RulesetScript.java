package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the rules depend on, from any text: a line is a network, a port, a port of a bridge, or something of the host, with its parts between
 * bars. What cannot be, or contradicts what came before as the engine never lets it, is left out; {@code \n} stands for the end of a line.
 *
 * <pre>
 * owner|text
 * network|bridge|subnet|gateway|subnet|gateway|flags|mode|source|trusted interface|mac
 * publish|protocol|host address|first port|last port|container's address|port
 * open|protocol|container's address|first port|last port
 * target|address with prefix length
 * port|link|mac|address|address|flags
 * uplink|bridge
 * guard|4 or 6|opened interface|closed bridge
 * </pre>
 */
final class RulesetScript {
    private final UnaryOperator<String> naming;
    private final List<NetworkRules> networks = new ArrayList<>();
    private final List<PortRule> ports = new ArrayList<>();
    private final List<BridgePortRules> bridgePorts = new ArrayList<>();
    private final Set<InterfaceName> uplinks = new HashSet<>();
    private final Map<AddressFamily, ForwardGuard> guards = new HashMap<>();
    private String owner = "jnet fuzz";

    private RulesetScript(UnaryOperator<String> naming) {
        this.naming = naming;
    }

    /**
     * Reads a script.
     *
     * @param naming what each name of an interface that may be one is changed to
     */
    static FirewallState read(String text, UnaryOperator<String> naming) {
        RulesetScript script = new RulesetScript(naming);
        for (String line : text.split("\n", -1)) {
            script.takeIfPossible(line.replace("\\n", "\n").split("\\|", -1));
        }
        return new FirewallState(
                script.owner,
                script.networks,
                script.ports,
                script.bridgePorts,
                new Surroundings(script.uplinks, script.guards));
    }

    /** The types refuse what cannot be: that is what they are for. Whether it can. */
    private boolean takeIfPossible(String[] part) {
        try {
            take(part);
            return true;
        } catch (IllegalArgumentException | EngineException | IndexOutOfBoundsException impossible) {
            return false;
        }
    }

    private void take(String[] part) {
        switch (part[0]) {
            case "owner" -> owner = new FirewallState(part[1], List.of(), List.of(), Surroundings.NONE).owner();
            case "network" -> network(part);
            case "publish" ->
                publish(new Publication(
                        Protocol.valueOf(part[1]),
                        IpAddress.parse(part[2]),
                        range(part[3], part[4]),
                        IpAddress.parse(part[5]),
                        number(part[6])));
            case "open" ->
                open(new Opening(Protocol.valueOf(part[1]), IpAddress.parse(part[2]), range(part[3], part[4])));
            case "target" -> target(new ForeignTarget(IpPrefix.parse(part[1])));
            case "port" -> port(part);
            case "uplink" -> uplinks.add(name(part[1]));
            case "guard" ->
                guards.put(
                        part[1].equals("4") ? AddressFamily.INET : AddressFamily.INET6,
                        new ForwardGuard(Set.of(name(part[2])), Set.of(name(part[3]))));
            default -> throw new IllegalArgumentException("no such line");
        }
    }

    private InterfaceName name(String text) {
        return new InterfaceName(naming.apply(new InterfaceName(text).value()));
    }

    private void network(String[] part) {
        InterfaceName bridge = name(part[1]);
        List<IpPrefix> subnets = new ArrayList<>();
        List<IpAddress> gateways = new ArrayList<>();
        for (int i = 2; i < 6; i += 2) {
            if (!part[i].isEmpty()) {
                subnets.add(IpPrefix.parse(part[i]).network());
                gateways.add(IpAddress.parse(part[i + 1]));
            }
        }
        GatewayMode mode = GatewayMode.valueOf(part[7]);
        Optional<IpAddress> source =
                Optional.of(part[8]).filter(text -> !text.isEmpty()).map(IpAddress::parse);
        Exterior exterior = new Exterior(
                new FamilyPolicy(mode, source.filter(address -> address.family() == AddressFamily.INET)),
                new FamilyPolicy(mode, source.filter(address -> address.family() == AddressFamily.INET6)),
                part[9].isEmpty() ? List.of() : List.of(name(part[9])),
                List.of());
        Optional<MacAddress> mac =
                Optional.of(part[10]).filter(text -> !text.isEmpty()).map(MacAddress::parse);
        NetworkRules network = new NetworkRules(bridge, subnets, gateways, flags(part[6]), exterior, subnets, mac);
        boolean apart =
                networks.stream().noneMatch(one -> one.bridge().equals(bridge) || overlap(one.subnets(), subnets));
        boolean disjoint = subnets.size() < 2 || !subnets.get(0).overlaps(subnets.get(1));
        if (apart && disjoint && networks.stream().noneMatch(one -> isTrustedTwice(one, network))) {
            networks.add(network);
        }
    }

    private static boolean isTrustedTwice(NetworkRules one, NetworkRules other) {
        return one.bridge().equals(other.bridge())
                && one.exterior().trusted().equals(other.exterior().trusted());
    }

    private static boolean overlap(List<IpPrefix> some, List<IpPrefix> others) {
        return some.stream().anyMatch(one -> others.stream().anyMatch(one::overlaps));
    }

    private void publish(Publication publication) {
        boolean taken = Publication.among(ports).stream()
                .anyMatch(one -> one.protocol() == publication.protocol()
                        && one.hostAddress().equals(publication.hostAddress())
                        && one.hostPorts().overlaps(publication.hostPorts()));
        if (!taken) {
            ports.add(publication);
        }
    }

    private void open(Opening opening) {
        boolean taken = ports.stream()
                .anyMatch(one -> one instanceof Opening other
                        && other.protocol() == opening.protocol()
                        && other.containerAddress().equals(opening.containerAddress())
                        && other.ports().overlaps(opening.ports()));
        if (!taken) {
            ports.add(opening);
        }
    }

    private void target(ForeignTarget target) {
        boolean taken = ports.stream()
                .anyMatch(one ->
                        one instanceof ForeignTarget other && other.address().overlaps(target.address()));
        if (!taken) {
            ports.add(target);
        }
    }

    private void port(String[] part) {
        BridgePortRules port = new BridgePortRules(
                name(part[1]),
                MacAddress.parse(part[2]),
                Set.of(IpAddress.parse(part[3]), IpAddress.parse(part[4])).stream()
                        .toList(),
                flags(part[5]));
        if (bridgePorts.stream().noneMatch(one -> one.link().equals(port.link()))) {
            bridgePorts.add(port);
        }
    }

    /** By the numbers of a mask. */
    private static Set<NetworkFlag> flags(String text) {
        Set<NetworkFlag> flags = EnumSet.noneOf(NetworkFlag.class);
        int mask = number(text);
        NetworkFlag[] all = NetworkFlag.values();
        for (int bit = 0; bit < all.length; bit++) {
            if ((mask & 1 << bit) != 0 && all[bit] != NetworkFlag.FOREIGN_LINKS) {
                flags.add(all[bit]);
            }
        }
        return flags;
    }

    private static PortRange range(String first, String last) {
        return new PortRange(number(first), number(last));
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }
}
