package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A result that another plugin gave: the one for addresses, or the one before in the chain. In the shape of any version of the spec.
 *
 * @param interfaces that were made; none of a plugin for addresses, and none before version 0.3.0
 * @param addresses of the container
 * @param routes in the container
 * @param dns what resolvers to use
 */
public record ReceivedResult(
        List<Interface> interfaces, List<Address> addresses, List<ContainerRoute> routes, DnsConfiguration dns) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** What the results of versions before 0.3.0 have for each address. */
    private static final List<String> FAMILIES = List.of("ip4", "ip6");

    public ReceivedResult {
        interfaces = List.copyOf(interfaces);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
    }

    /**
     * A link.
     *
     * @param name in its namespace
     * @param mac its MAC address
     * @param sandbox whether that is a container's namespace
     */
    public record Interface(String name, Optional<String> mac, boolean sandbox) {}

    /**
     * An address.
     *
     * @param address with its subnet's length
     * @param gateway the subnet's
     * @param owner which of the interfaces has it
     */
    public record Address(IpPrefix address, Optional<IpAddress> gateway, OptionalInt owner) {}

    /**
     * Reads what a plugin has answered.
     *
     * @param plugin its name, for messages
     * @throws CniException when it is no result, or has no address
     */
    public static ReceivedResult ofPlugin(String plugin, String text) {
        try {
            ReceivedResult result = of("result of " + plugin, MAPPER.readTree(text));
            if (result.addresses().isEmpty()) {
                throw new CniException(CniCode.UNDECODABLE, "the IPAM plugin " + plugin + " gave no address");
            }
            return result;
        } catch (JacksonException broken) {
            throw new CniException(
                    CniCode.UNDECODABLE, "the IPAM plugin " + plugin + " answered something else than JSON");
        }
    }

    /**
     * Reads a result.
     *
     * @param name names it in messages
     */
    static ReceivedResult of(String name, JsonNode node) {
        ReceivedResult links = linksOf(name, node);
        Fields fields = Fields.of(name, node);
        List<ContainerRoute> routes = new ArrayList<>(routes(fields));
        FAMILIES.forEach(family -> fields.object(family).ifPresent(one -> routes.addAll(routes(one))));
        return new ReceivedResult(
                links.interfaces(),
                links.addresses(),
                routes,
                fields.object("dns").map(DnsConfiguration::of).orElse(DnsConfiguration.NONE));
    }

    /**
     * Reads the interfaces and addresses of a result, and nothing else: what another plugin says of routes and DNS need not be understood.
     *
     * @param name names it in messages
     */
    static ReceivedResult linksOf(String name, JsonNode node) {
        Fields fields = Fields.of(name, node);
        List<Address> addresses = new ArrayList<>();
        fields.objects("ips").forEach(one -> addresses.add(address(one, "address")));
        FAMILIES.forEach(family -> fields.object(family).ifPresent(one -> addresses.add(address(one, "ip"))));
        return new ReceivedResult(
                fields.objects("interfaces").stream()
                        .map(one -> new Interface(
                                one.text("name").orElse(""),
                                one.text("mac"),
                                one.text("sandbox").isPresent()))
                        .toList(),
                addresses,
                List.of(),
                DnsConfiguration.NONE);
    }

    private static Address address(Fields fields, String key) {
        IpPrefix address =
                fields.prefix(key).orElseThrow(() -> CniException.configuration("missing " + fields.name(key)));
        return new Address(address, fields.address("gateway"), fields.number("interface"));
    }

    private static List<ContainerRoute> routes(Fields fields) {
        return fields.objects("routes").stream().map(IpamConfiguration::route).toList();
    }
}
