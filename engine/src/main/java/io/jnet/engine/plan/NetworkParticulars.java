package io.jnet.engine.plan;

import io.jnet.engine.link.Particulars;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.StaticRoute;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.network.VlanRange;
import io.jnet.engine.network.Vlans;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a network neither its bridge nor the ruleset shows, as the alias of its bridge says it. A key, once given, keeps its meaning: aliases
 * outlive the version that wrote them.
 */
public final class NetworkParticulars {
    /** What interface names in containers begin with, unless the network says otherwise. */
    public static final String USUAL_PREFIX = "eth";

    private static final String NAME = "name";
    private static final String FLAGS = "flags";
    private static final String PUBLISH = "publish";
    private static final String BRIDGE = "bridge";
    private static final String GIVEN = "1";
    private static final String MTU = "mtu";
    private static final String BINDING = "bind";
    private static final String PREFIX = "prefix";
    private static final String GATEWAYS = "gw";
    private static final String DEFAULT_GATEWAYS = "via";
    private static final String VLANS = "vlans";
    private static final String ROUTES = "routes";
    private static final String NEXT_HOP = ">";
    private static final String VLAN_PARTS = "/";
    private static final String KEEPING_DEFAULT = "d";

    private static final Map<NetworkFlag, String> LETTERS = new EnumMap<>(Map.of(
            NetworkFlag.INTERNAL, "I",
            NetworkFlag.MASQUERADE, "M",
            NetworkFlag.INTER_CONTAINER, "C",
            NetworkFlag.PORT_SECURITY, "S",
            NetworkFlag.ROUTERS, "R",
            NetworkFlag.NO_BRIDGE_IPV4, "N",
            NetworkFlag.MAC_SECURITY, "A",
            NetworkFlag.PROMISCUOUS_BRIDGE, "P",
            NetworkFlag.OWN_BRIDGE, "O",
            NetworkFlag.LASTING_BRIDGE, "L"));

    private final Particulars particulars;

    public NetworkParticulars(Particulars particulars) {
        this.particulars = particulars;
    }

    static Particulars of(Network network) {
        NetworkSpec spec = network.spec();
        return new Particulars.Builder()
                .with(NAME, spec.name())
                .with(FLAGS, "." + letters(spec.flags()))
                .with(PUBLISH, PolicyText.of(spec.exterior().publish()))
                .with(BRIDGE, spec.bridge().map(name -> GIVEN))
                .with(
                        GATEWAYS,
                        spec.subnets().stream()
                                .filter(subnet -> !spec.isOnBridge(subnet.family()))
                                .flatMap(subnet -> subnet.gateway().stream())
                                .map(IpPrefix::address)
                                .toList())
                .with(
                        DEFAULT_GATEWAYS,
                        spec.subnets().stream()
                                .flatMap(subnet -> subnet.defaultGateway().stream())
                                .toList())
                .with(MTU, spec.mtu().stream().boxed().findFirst())
                .with(BINDING, spec.hostBinding())
                .with(PREFIX, Optional.of(spec.interfacePrefix()).filter(prefix -> !prefix.equals(USUAL_PREFIX)))
                .with(VLANS, spec.vlans().map(NetworkParticulars::text))
                .with(
                        ROUTES,
                        spec.exterior().routes().stream()
                                .map(NetworkParticulars::text)
                                .toList())
                .build();
    }

    /** Whether nothing is said: the mark is of a version that said nothing. */
    public boolean areAbsent() {
        return particulars.value(FLAGS).isEmpty();
    }

    /** Whether something had no room. */
    public boolean areIncomplete() {
        return !particulars.complete();
    }

    public Optional<String> name() {
        return particulars.value(NAME);
    }

    /** Empty in a mark that does not say. */
    public Optional<Set<NetworkFlag>> flags() {
        return particulars.value(FLAGS).map(text -> {
            Set<NetworkFlag> flags = EnumSet.noneOf(NetworkFlag.class);
            LETTERS.forEach((flag, letter) -> {
                if (text.contains(letter)) {
                    flags.add(flag);
                }
            });
            return flags;
        });
    }

    public PublishPolicy publish() {
        return PolicyText.parse(particulars.value(PUBLISH));
    }

    public boolean isBridgeGiven() {
        return particulars.value(BRIDGE).isPresent();
    }

    public OptionalInt mtu() {
        return particulars.value(MTU).stream().mapToInt(Integer::parseInt).findFirst();
    }

    public Optional<IpAddress> hostBinding() {
        return particulars.value(BINDING).map(IpAddress::parse);
    }

    public String interfacePrefix() {
        return particulars.value(PREFIX).orElse(USUAL_PREFIX);
    }

    /** The gateway of a subnet that the bridge does not have. */
    public Optional<IpPrefix> gateway(IpPrefix subnet) {
        return inside(GATEWAYS, subnet).map(address -> new IpPrefix(address, subnet.length()));
    }

    /** Whom a subnet's containers send to, see {@link Subnet#defaultGateway}. */
    public Optional<IpAddress> defaultGateway(IpPrefix subnet) {
        return inside(DEFAULT_GATEWAYS, subnet);
    }

    public Optional<Vlans> vlans() {
        return particulars.value(VLANS).map(NetworkParticulars::vlans);
    }

    public List<StaticRoute> routes() {
        return particulars.list(ROUTES).stream()
                .map(text -> text.split(NEXT_HOP, 2))
                .map(parts -> new StaticRoute(
                        IpPrefix.parse(parts[0]),
                        parts.length > 1 ? Optional.of(IpAddress.parse(parts[1])) : Optional.empty()))
                .toList();
    }

    private Optional<IpAddress> inside(String key, IpPrefix subnet) {
        return particulars.list(key).stream()
                .map(IpAddress::parse)
                .filter(subnet::contains)
                .findFirst();
    }

    private static String letters(Set<NetworkFlag> flags) {
        return LETTERS.entrySet().stream()
                .filter(letter -> flags.contains(letter.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining());
    }

    private static String text(StaticRoute route) {
        return route.destination() + route.nextHop().map(hop -> NEXT_HOP + hop).orElse("");
    }

    /** {@code 5/7,10-20/d}: of frames without a tag, with one, and whether the bridge's default VLAN stays. */
    private static String text(Vlans vlans) {
        return (vlans.untagged().isPresent() ? vlans.untagged().getAsInt() : "")
                + VLAN_PARTS
                + vlans.tagged().stream().map(VlanRange::toString).collect(Collectors.joining(","))
                + VLAN_PARTS
                + (vlans.keepsDefault() ? KEEPING_DEFAULT : "");
    }

    private static Vlans vlans(String text) {
        String[] parts = text.split(VLAN_PARTS, 3);
        List<VlanRange> tagged = new ArrayList<>();
        for (String range : parts.length > 1 ? parts[1].split(",", -1) : new String[0]) {
            if (!range.isEmpty()) {
                String[] ends = range.split("-", 2);
                tagged.add(new VlanRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
            }
        }
        return new Vlans(
                parts[0].isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[0])),
                tagged,
                parts.length > 2 && parts[2].equals(KEEPING_DEFAULT));
    }
}
