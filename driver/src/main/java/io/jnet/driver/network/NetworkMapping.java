package io.jnet.driver.network;

import io.jnet.driver.protocol.AddressPool;
import io.jnet.driver.protocol.Answers;
import io.jnet.driver.protocol.CreateNetworkRequest;
import io.jnet.driver.protocol.OptionNames;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** From {@code CreateNetwork} to {@link NetworkSpec}. */
public final class NetworkMapping {
    private static final String OWN_PREFIX = "io.jnet.";

    private NetworkMapping() {}

    /**
     * The network that a request asks for.
     *
     * @param ignored told the name, as it may be shown, of each option that jnet does not know and that is not its own
     * @throws EngineException for an unknown {@code io.jnet.} option, a bad value, a bad subnet, and what this version does not offer
     */
    public static NetworkSpec toSpec(CreateNetworkRequest request, Consumer<String> ignored) {
        NetworkId id = new NetworkId(request.networkId());
        NetworkOptions options = options(request.options(), ignored);
        NetworkSpec spec = new NetworkSpec(
                id,
                options.name(),
                options.bridge(),
                subnets(request, options),
                options.mtu(),
                options.interfacePrefix(),
                options.hostBinding(),
                options.flags(),
                options.exterior());
        return spec.resolving(options.resolution());
    }

    /** Which gateway addresses a network would not use. */
    public static Answers.GatewayNeeds gatewayNeeds(CreateNetworkRequest.Options given) {
        NetworkOptions options = options(given, ignored -> {});
        // Without an address on the bridge, and internal: nobody would have it, and nobody would be told.
        boolean unused = options.flags().containsAll(Set.of(NetworkFlag.NO_BRIDGE_IPV4, NetworkFlag.INTERNAL));
        return new Answers.GatewayNeeds(
                unused || options.exterior().mode(AddressFamily.INET) == GatewayMode.ISOLATED,
                options.exterior().mode(AddressFamily.INET6) == GatewayMode.ISOLATED);
    }

    private static NetworkOptions options(CreateNetworkRequest.Options all, Consumer<String> ignored) {
        NetworkOptions options = new NetworkOptions();
        for (Map.Entry<String, String> given : all.generic().entrySet()) {
            Optional<NetworkOption> option = NetworkOption.of(given.getKey());
            if (option.isPresent()) {
                option.get().apply(options, new OptionValue(given.getKey(), given.getValue()));
            } else if (given.getKey().toLowerCase(Locale.ROOT).startsWith(OWN_PREFIX)) {
                throw EngineException.invalid(
                        "unknown option " + OptionNames.shown(given.getKey()) + ": known are " + ownOptions());
            } else {
                ignored.accept(OptionNames.shown(given.getKey()));
            }
        }
        if (all.internal()) {
            options.set(NetworkFlag.INTERNAL, true);
        }
        return options;
    }

    private static String ownOptions() {
        return Arrays.stream(NetworkOption.values())
                .map(NetworkOption::key)
                .filter(key -> key.startsWith(OWN_PREFIX))
                .collect(Collectors.joining(", "));
    }

    /** A family is in use when its flag is on AND it has data: dockerd may send either alone. */
    private static List<Subnet> subnets(CreateNetworkRequest request, NetworkOptions options) {
        checkFamilies(request, options);
        List<Subnet> subnets = new ArrayList<>();
        if (request.options().ipv4().orElse(true)) {
            request.ipv4Data().forEach(pool -> subnets.add(subnet(pool, AddressFamily.INET)));
        }
        if (request.options().ipv6()) {
            request.ipv6Data().forEach(pool -> subnets.add(subnet(pool, AddressFamily.INET6)));
        }
        return subnets;
    }

    /**
     * The options alone enable nothing: addresses are dockerd's to give. An engine that passes them on without acting on them would leave a
     * network other than asked for.
     */
    private static void checkFamilies(CreateNetworkRequest request, NetworkOptions options) {
        if (options.ipv6().orElse(false)
                && !request.options().ipv6()
                && request.ipv6Data().isEmpty()) {
            throw unsupported(
                    "com.docker.network.enable_ipv6=true: this Docker engine gave the network no IPv6 subnet, add --ipv6");
        }
        if (!options.ipv4().orElse(true) && request.options().ipv4().isEmpty()) {
            throw unsupported(
                    "com.docker.network.enable_ipv4=false: this Docker engine has no networks without IPv4, Docker 28 has");
        }
    }

    private static EngineException unsupported(String option) {
        return new EngineException(ErrorCode.UNSUPPORTED, "option " + option);
    }

    private static Subnet subnet(AddressPool pool, AddressFamily family) {
        IpPrefix prefix = prefix("subnet", pool.pool(), family);
        if (prefix.length() == 0) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED,
                    "network without a subnet: jnet needs one, which the IPAM driver \"null\" does not give");
        }
        Optional<IpPrefix> gateway =
                pool.gateway().isEmpty() ? Optional.empty() : Optional.of(prefix("gateway", pool.gateway(), family));
        String key = family == AddressFamily.INET ? "DefaultGatewayIPv4" : "DefaultGatewayIPv6";
        Optional<IpAddress> defaultGateway = Optional.ofNullable(
                        pool.auxAddresses().get(key))
                .map(text -> prefix("aux-address " + key, text, family).address());
        return new Subnet(prefix, gateway, defaultGateway);
    }

    private static IpPrefix prefix(String what, String text, AddressFamily family) {
        IpPrefix prefix;
        try {
            prefix = IpPrefix.parse(text);
        } catch (IllegalArgumentException bad) {
            throw new EngineException(ErrorCode.INVALID_REQUEST, "invalid " + what + ": " + bad.getMessage(), bad);
        }
        if (prefix.family() != family) {
            throw EngineException.invalid("invalid " + what + " " + prefix + ": another address family than its list");
        }
        return prefix;
    }
}
