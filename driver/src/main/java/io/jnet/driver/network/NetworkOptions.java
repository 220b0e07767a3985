package io.jnet.driver.network;

import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.name.StaticRecord;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.StaticRoute;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What the {@code -o} options of a network say; filled by {@link NetworkOption}, option by option. */
final class NetworkOptions {
    private Optional<String> name = Optional.empty();
    private Optional<InterfaceName> bridge = Optional.empty();
    private OptionalInt mtu = OptionalInt.empty();
    private String interfacePrefix = "eth";
    private Optional<IpAddress> hostBinding = Optional.empty();
    private final Map<AddressFamily, GatewayMode> modes = new EnumMap<>(AddressFamily.class);
    private final Map<AddressFamily, IpAddress> sources = new EnumMap<>(AddressFamily.class);
    private List<InterfaceName> trusted = List.of();
    private List<StaticRoute> routes = List.of();
    private PublishPolicy publishPolicy = PublishPolicy.OPEN;
    private boolean names = true;
    private Optional<DomainName> domain = Optional.empty();
    private List<NameServer> nameServers = List.of();
    private List<StaticRecord> records = List.of();
    private Optional<Boolean> ipv4 = Optional.empty();
    private Optional<Boolean> ipv6 = Optional.empty();
    private final EnumSet<NetworkFlag> flags = EnumSet.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER);

    void setName(String value) {
        name = Optional.of(value);
    }

    void setBridge(InterfaceName value) {
        bridge = Optional.of(value);
    }

    void setMtu(int value) {
        mtu = OptionalInt.of(value);
    }

    void setInterfacePrefix(String value) {
        interfacePrefix = value;
    }

    void setHostBinding(Optional<IpAddress> value) {
        hostBinding = value;
    }

    void set(NetworkFlag flag, boolean on) {
        if (on) {
            flags.add(flag);
        } else {
            flags.remove(flag);
        }
    }

    void setMode(AddressFamily family, GatewayMode value) {
        modes.put(family, value);
    }

    void setSource(AddressFamily family, IpAddress value) {
        sources.put(family, value);
    }

    void setTrusted(List<InterfaceName> value) {
        trusted = value;
    }

    void setRoutes(List<StaticRoute> value) {
        routes = value;
    }

    void setPublishPolicy(PublishPolicy value) {
        publishPolicy = value;
    }

    void setNames(boolean on) {
        names = on;
    }

    void setDomain(DomainName value) {
        domain = Optional.of(value);
    }

    void setNameServers(List<NameServer> value) {
        nameServers = value;
    }

    void setRecords(List<StaticRecord> value) {
        records = value;
    }

    void setIpv4(boolean on) {
        ipv4 = Optional.of(on);
    }

    void setIpv6(boolean on) {
        ipv6 = Optional.of(on);
    }

    Optional<String> name() {
        return name;
    }

    Optional<InterfaceName> bridge() {
        return bridge;
    }

    OptionalInt mtu() {
        return mtu;
    }

    String interfacePrefix() {
        return interfacePrefix;
    }

    Optional<IpAddress> hostBinding() {
        return hostBinding;
    }

    /** Whether the options ask for IPv4, if they say anything of it. */
    Optional<Boolean> ipv4() {
        return ipv4;
    }

    /** Whether the options ask for IPv6, if they say anything of it. */
    Optional<Boolean> ipv6() {
        return ipv6;
    }

    Exterior exterior() {
        return new Exterior(policy(AddressFamily.INET), policy(AddressFamily.INET6), trusted, routes, publishPolicy);
    }

    Resolution resolution() {
        return new Resolution(names, domain, nameServers, records);
    }

    Set<NetworkFlag> flags() {
        return Set.copyOf(flags);
    }

    private FamilyPolicy policy(AddressFamily family) {
        return new FamilyPolicy(modes.getOrDefault(family, GatewayMode.NAT), Optional.ofNullable(sources.get(family)));
    }
}
