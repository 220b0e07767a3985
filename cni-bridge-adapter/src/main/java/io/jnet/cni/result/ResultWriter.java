package io.jnet.cni.result;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.netlink.address.AddressFamily;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results and errors as JSON. */
public final class ResultWriter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ResultWriter() {}

    /** A result in the shape of a version. */
    public static byte[] write(CniResult result, SpecVersion version) {
        ObjectNode node = NODES.objectNode().put("cniVersion", version.toString());
        if (version.isAtLeast(SpecVersion.V0_3_0)) {
            writeLists(node, result, version);
        } else {
            writeFamilies(node, result);
        }
        dns(result.dns(), node);
        return MAPPER.writeValueAsBytes(node);
    }

    /** The result of an earlier plugin, unchanged. */
    public static byte[] passOn(JsonNode previous, SpecVersion version) {
        ObjectNode node = NODES.objectNode();
        previous.properties().forEach(property -> node.set(property.getKey(), property.getValue()));
        return MAPPER.writeValueAsBytes(node.put("cniVersion", version.toString()));
    }

    /** An error object (spec 1.1.0, section 5, "Error"). */
    public static byte[] error(SpecVersion version, int code, String message) {
        return MAPPER.writeValueAsBytes(NODES.objectNode()
                .put("cniVersion", version.toString())
                .put("code", code)
                .put("msg", message));
    }

    private static void writeLists(ObjectNode node, CniResult result, SpecVersion version) {
        ArrayNode interfaces = node.putArray("interfaces");
        for (CniResult.Interface one : result.interfaces()) {
            ObjectNode written = interfaces.addObject().put("name", one.name());
            one.mac().ifPresent(mac -> written.put("mac", mac.toString()));
            if (version.isAtLeast(SpecVersion.V1_1_0) && one.mtu().isPresent()) {
                written.put("mtu", one.mtu().getAsInt());
            }
            one.sandbox().ifPresent(sandbox -> written.put("sandbox", sandbox));
        }
        if (!result.addresses().isEmpty()) {
            addresses(node.putArray("ips"), result, version);
        }
        routes(result.routes(), node, version);
    }

    private static void addresses(ArrayNode ips, CniResult result, SpecVersion version) {
        for (CniResult.Address address : result.addresses()) {
            ObjectNode written = ips.addObject();
            if (!version.isAtLeast(SpecVersion.V1_0_0)) {
                written.put("version", address.address().family() == AddressFamily.INET ? "4" : "6");
            }
            written.put("address", address.address().toString());
            address.gateway().ifPresent(gateway -> written.put("gateway", gateway.toString()));
            written.put("interface", result.interfaces().size() - 1);
        }
    }

    /** Versions 0.1.0 and 0.2.0: one address of each family, each with its routes. */
    private static void writeFamilies(ObjectNode node, CniResult result) {
        for (CniResult.Address address : result.addresses()) {
            AddressFamily family = address.address().family();
            if (node.has(family == AddressFamily.INET ? "ip4" : "ip6")) {
                continue;
            }
            ObjectNode written = node.putObject(family == AddressFamily.INET ? "ip4" : "ip6")
                    .put("ip", address.address().toString());
            address.gateway().ifPresent(gateway -> written.put("gateway", gateway.toString()));
            routes(
                    result.routes().stream()
                            .filter(route -> route.destination().family() == family)
                            .toList(),
                    written,
                    SpecVersion.V0_2_0);
        }
    }

    private static void routes(List<ContainerRoute> routes, ObjectNode node, SpecVersion version) {
        if (routes.isEmpty()) {
            return;
        }
        ArrayNode list = node.putArray("routes");
        for (ContainerRoute route : routes) {
            ObjectNode written = list.addObject().put("dst", route.destination().toString());
            route.gateway().ifPresent(gateway -> written.put("gw", gateway.toString()));
            if (version.isAtLeast(SpecVersion.V1_1_0)) {
                options(written, route);
            }
        }
    }

    private static void options(ObjectNode written, ContainerRoute route) {
        route.options().mtu().ifPresent(bytes -> written.put("mtu", bytes));
        route.options().advertisedMss().ifPresent(bytes -> written.put("advmss", bytes));
        route.options().priority().ifPresent(number -> written.put("priority", number));
        route.table().ifPresent(number -> written.put("table", number));
        route.options().scope().ifPresent(number -> written.put("scope", number));
    }

    private static void dns(DnsConfiguration dns, ObjectNode node) {
        if (dns.isEmpty()) {
            return;
        }
        ObjectNode written = node.putObject("dns");
        texts(written, "nameservers", dns.nameservers());
        dns.domain().ifPresent(domain -> written.put("domain", domain));
        texts(written, "search", dns.search());
        texts(written, "options", dns.options());
    }

    private static void texts(ObjectNode node, String key, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode list = node.putArray(key);
            texts.forEach(list::add);
        }
    }
}
