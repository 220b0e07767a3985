package io.jnet.driver.network;

import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.name.StaticRecord;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The options of a network that jnet knows, each with what it does to {@link NetworkOptions}: one table, from which the list in error
 * messages is made too.
 */
enum NetworkOption {
    NAME("io.jnet.name", (options, value) -> options.setName(value.text())),
    PORT_SECURITY(
            "io.jnet.port_security", (options, value) -> options.set(NetworkFlag.PORT_SECURITY, value.asBoolean())),
    ALLOW_ROUTERS("io.jnet.allow_routers", (options, value) -> options.set(NetworkFlag.ROUTERS, value.asBoolean())),
    BRIDGE("com.docker.network.bridge.name", NetworkOption::bridge),
    MTU("com.docker.network.driver.mtu", NetworkOption::mtu),
    MASQUERADE(
            "com.docker.network.bridge.enable_ip_masquerade",
            (options, value) -> options.set(NetworkFlag.MASQUERADE, value.asBoolean())),
    INTER_CONTAINER(
            "com.docker.network.bridge.enable_icc",
            (options, value) -> options.set(NetworkFlag.INTER_CONTAINER, value.asBoolean())),
    HOST_BINDING("com.docker.network.bridge.host_binding_ipv4", NetworkOption::hostBinding),
    INTERFACE_PREFIX("com.docker.network.container_iface_prefix", NetworkOption::interfacePrefix),
    INTERNAL("com.docker.network.internal", (options, value) -> options.set(NetworkFlag.INTERNAL, value.asBoolean())),

    // dockerd acts on these two for any driver, and says the result beside the options, which counts.
    ENABLE_IPV4("com.docker.network.enable_ipv4", (options, value) -> options.setIpv4(value.asBoolean())),
    ENABLE_IPV6("com.docker.network.enable_ipv6", (options, value) -> options.setIpv6(value.asBoolean())),
    // dockerd acts on these, for any driver.
    ADVERTISE_COUNT("com.docker.network.advertise_addr_nmsgs", (options, value) -> value.asNumber()),
    ADVERTISE_INTERVAL("com.docker.network.advertise_addr_ms", (options, value) -> value.asNumber()),

    GATEWAY_MODE_IPV4(
            "com.docker.network.bridge.gateway_mode_ipv4",
            (options, value) -> options.setMode(AddressFamily.INET, value.asGatewayMode())),
    GATEWAY_MODE_IPV6(
            "com.docker.network.bridge.gateway_mode_ipv6",
            (options, value) -> options.setMode(AddressFamily.INET6, value.asGatewayMode())),
    SOURCE_IPV4(
            "com.docker.network.host_ipv4",
            (options, value) -> options.setSource(AddressFamily.INET, value.as(IpAddress::parse))),
    SOURCE_IPV6(
            "com.docker.network.host_ipv6",
            (options, value) -> options.setSource(AddressFamily.INET6, value.as(IpAddress::parse))),
    TRUSTED_INTERFACES("com.docker.network.bridge.trusted_host_interfaces", NetworkOption::trusted),
    INHIBIT_IPV4(
            "com.docker.network.bridge.inhibit_ipv4",
            (options, value) -> options.set(NetworkFlag.NO_BRIDGE_IPV4, value.asBoolean())),
    // Docker's marker of docker0, which outlives its network.
    DEFAULT_BRIDGE(
            "com.docker.network.bridge.default_bridge",
            (options, value) -> options.set(NetworkFlag.LASTING_BRIDGE, value.asBoolean())),
    PUBLISH_POLICY(
            "io.jnet.publish.policy", (options, value) -> options.setPublishPolicy(value.as(PublishPolicy::parse))),
    ROUTES("io.jnet.routes", (options, value) -> options.setRoutes(RouteList.parse(value))),
    NAMES("io.jnet.dns", (options, value) -> options.setNames(value.asBoolean())),
    DOMAIN("io.jnet.dns.domain", (options, value) -> options.setDomain(value.as(DomainName::parse))),
    NAME_SERVERS("io.jnet.dns.servers", (options, value) -> options.setNameServers(value.asList(NameServer::parse))),
    RECORDS("io.jnet.dns.records", (options, value) -> options.setRecords(value.asList(StaticRecord::parse)));

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // method references and lambdas that capture nothing
    private final BiConsumer<NetworkOptions, OptionValue> meaning;

    NetworkOption(String key, BiConsumer<NetworkOptions, OptionValue> meaning) {
        this.key = key;
        this.meaning = meaning;
    }

    /** The option's name after {@code -o}. */
    String key() {
        return key;
    }

    /** Does to {@code options} what the option says with this value. */
    void apply(NetworkOptions options, OptionValue value) {
        meaning.accept(options, value);
    }

    /** The option of a name. */
    static Optional<NetworkOption> of(String key) {
        for (NetworkOption option : values()) {
            if (option.key.equals(key)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /** A Compose file has {@code ${BRIDGE:-}}, and means "the default" when that is empty. */
    private static void bridge(NetworkOptions options, OptionValue value) {
        if (!value.text().isEmpty()) {
            options.setBridge(value.as(InterfaceName::new));
        }
    }

    private static void interfacePrefix(NetworkOptions options, OptionValue value) {
        if (!value.text().isEmpty()) {
            options.setInterfacePrefix(value.text());
        }
    }

    private static void mtu(NetworkOptions options, OptionValue value) {
        int mtu = value.asNumber();
        // docker-compose and dockerd's default-network-opts write 0 for "the default".
        if (mtu != 0) {
            options.setMtu(mtu);
        }
    }

    private static void hostBinding(NetworkOptions options, OptionValue value) {
        IpAddress address = value.as(IpAddress::parse);
        // For the built-in driver 0.0.0.0 here means "every address of both families", unlike in -p 0.0.0.0:80:80.
        boolean everywhere = address.equals(IpAddress.any(AddressFamily.INET));
        options.setHostBinding(everywhere ? Optional.empty() : Optional.of(address));
    }

    private static void trusted(NetworkOptions options, OptionValue value) {
        List<InterfaceName> names = new ArrayList<>();
        for (String name : value.text().split(":", -1)) {
            if (!name.isEmpty()) {
                names.add(new OptionValue(value.key(), name).as(InterfaceName::new));
            }
        }
        options.setTrusted(names);
    }
}
