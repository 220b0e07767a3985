package io.jnet.testbed.difference;

import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a host and the first container on it look like: links, addresses, routes, sysctls. The container's bridge is called {@code bridge}
 * and the end of its veth pair on the host {@code port}, whatever their names are. What belongs to other containers is left out.
 */
final class Snapshot {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BEGIN = "\u0001";
    /** Prints addresses that are not usable yet, and bridges and ports that have not noticed yet that they are connected. */
    private static final String UNSETTLED =
            """
            ip -6 -oneline address show up tentative
            ip -n %1$s -6 -oneline address show tentative
            for type in bridge bridge_slave; do ip -oneline link show type $type | grep -v 'state UP' || true; done
            """;

    private static final String SCRIPT =
            """
            look() {
                section() { printf '\u0001%%s.%%s\n' $1 $2; }
                section $1 link; ip -details -json link show
                section $1 address; ip -json address show
                section $1 route; ip -4 -json route show table all
                section $1 route6; ip -6 -json route show table all
                section $1 qdisc; tc -json qdisc show
                section $1 sysctl; sysctl -a --pattern '^net\\.' 2>/dev/null
            }
            export -f look
            look host
            ip netns exec %1$s bash -c 'look container'
            """;

    /**
     * Numbers of links and handles, what counts or ticks, what a bridge remembers of ports that it once had, and what the number of processors
     * decides.
     */
    private static final Set<String> VOLATILE = Set.of(
            "ifindex",
            "link_index",
            "link_netnsid",
            "link",
            "ifname",
            "hello_timer",
            "tcn_timer",
            "topology_change_timer",
            "gc_timer",
            "hold_timer",
            "message_age_timer",
            "forward_delay_timer",
            "tso_max_size",
            "fdb_n_learned",
            "num_tx_queues",
            "num_rx_queues",
            "refcnt",
            "handle",
            "addr_info");
    /** The first follows the connections, the second is drawn when a socket first needs it. */
    private static final Set<String> VOLATILE_SYSCTLS =
            Set.of("net.netfilter.nf_conntrack_count", "net.ipv4.tcp_fastopen_key");

    private static final Pattern SYSCTL = Pattern.compile("(\\S+) = ?(.*)");

    private final Map<String, String> sections;
    private final Values values;
    private final Words words = new Words();
    private final Map<String, String> hostLinks = new HashMap<>();

    private Snapshot(Map<String, String> sections, Values values) {
        this.sections = sections;
        this.values = values;
    }

    /**
     * Looks at a host as soon as links and addresses are up.
     *
     * @param container the first container
     * @param values where the values go
     * @param fixedMac whether the container's MAC address is not drawn at random
     * @return the words for what is random
     */
    static Words take(Machine host, String container, Values values, boolean fixedMac) {
        Eventually.holds("links and addresses are up", PATIENCE, () -> host.shell(UNSETTLED.formatted(container))
                .isEmpty());
        Map<String, String> sections = new HashMap<>();
        for (String section : host.shell(SCRIPT.formatted(container)).split(BEGIN, -1)) {
            int line = section.indexOf('\n');
            if (line > 0) {
                sections.put(section.substring(0, line), section.substring(line + 1));
            }
        }
        Snapshot snapshot = new Snapshot(sections, values);
        snapshot.nameLinks(fixedMac);
        for (String place : List.of("host", "container")) {
            snapshot.links(place);
            snapshot.routes(place, "route");
            snapshot.routes(place, "route6");
            snapshot.disciplines(place);
            snapshot.sysctls(place);
        }
        return snapshot.words;
    }

    private void nameLinks(boolean fixedMac) {
        JsonNode container = find("container.link", "ifname", "eth0").orElseThrow();
        if (!fixedMac) {
            mac(container, "container");
        }
        hostLinks.put("lo", "lo");
        for (String uplink : List.of("eth0", "eth1")) {
            name(find("host.link", "ifname", uplink).orElseThrow(), uplink);
        }
        JsonNode port = find(
                        "host.link", "ifindex", container.path("link_index").asString())
                .orElseThrow();
        name(port, "port");
        String bridge = port.path("master").asString();
        find("host.link", "ifname", bridge).ifPresent(link -> name(link, "bridge"));
        for (JsonNode link : elements("host.link")) {
            // A bridge without an address of its own has that of one of its ports.
            if (link.path("master").asString("").equals(bridge)) {
                mac(link, "port");
            }
            String kind = link.at("/linkinfo/info_kind").asString("");
            if (!Set.of("", "veth", "bridge").contains(kind)) {
                name(link, kind);
            }
        }
    }

    private void name(JsonNode link, String role) {
        hostLinks.put(link.path("ifname").asString(), role);
        words.put(link.path("ifname").asString(), role);
        mac(link, role);
    }

    private void mac(JsonNode link, String role) {
        String address = link.path("address").asString();
        words.put(address, "mac of " + role);
        // As ip(8) prints it in the identifier of a bridge.
        words.put(address.replaceAll("\\b0", ""), "mac of " + role);
    }

    private void links(String place) {
        for (JsonNode link : elements(place + ".link")) {
            role(place, link.path("ifname").asString())
                    .ifPresent(role -> values.thing(place + ".link[" + role + "]", steady(link), words));
        }
        for (JsonNode link : elements(place + ".address")) {
            role(place, link.path("ifname").asString()).ifPresent(role -> {
                for (JsonNode address : link.path("addr_info")) {
                    String name = address.path("local").asString() + "/"
                            + address.path("prefixlen").asString();
                    values.thing(
                            "%s.address[%s %s]".formatted(place, role, words.in(name)),
                            ((ObjectNode) address.deepCopy()).without(List.of("local", "prefixlen", "family")),
                            words);
                }
            });
        }
    }

    private void routes(String place, String kind) {
        for (JsonNode route : elements(place + "." + kind)) {
            role(place, route.path("dev").asString("")).ifPresent(role -> {
                String name = "%s %s %s"
                        .formatted(
                                route.path("type").asString("unicast"),
                                route.path("dst").asString(),
                                role);
                values.thing(
                        "%s.%s[%s]".formatted(place, kind, words.in(name)),
                        ((ObjectNode) route.deepCopy()).without(List.of("type", "dst", "dev")),
                        words);
            });
        }
    }

    private void disciplines(String place) {
        for (JsonNode discipline : elements(place + ".qdisc")) {
            role(place, discipline.path("dev").asString())
                    .ifPresent(role -> values.thing(
                            "%s.qdisc[%s %s]"
                                    .formatted(
                                            place, role, discipline.path("kind").asString()),
                            steady(discipline),
                            words));
        }
    }

    private void sysctls(String place) {
        sections.get(place + ".sysctl").lines().forEach(line -> {
            var sysctl = SYSCTL.matcher(line);
            if (sysctl.matches() && !VOLATILE_SYSCTLS.contains(sysctl.group(1))) {
                sysctlName(place, sysctl.group(1))
                        .ifPresent(name -> values.put(place + ".sysctl " + name, sysctl.group(2)));
            }
        });
    }

    /** With the link's role in the place of its name: {@code net.ipv4.conf.NAME.forwarding}. */
    private Optional<String> sysctlName(String place, String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length < 5 || !Set.of("conf", "neigh").contains(parts[2]) || parts[3].matches("all|default")) {
            return Optional.of(name);
        }
        return role(place, parts[3]).map(role -> {
            parts[3] = role;
            return String.join(".", parts);
        });
    }

    private Optional<String> role(String place, String link) {
        return place.equals("host") ? Optional.ofNullable(hostLinks.get(link)) : Optional.of(link);
    }

    private static JsonNode steady(JsonNode node) {
        ObjectNode copy = ((ObjectNode) node.deepCopy());
        copy.remove(VOLATILE);
        copy.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                copy.set(field.getKey(), steady(field.getValue()));
            }
        });
        return copy;
    }

    private Optional<JsonNode> find(String section, String field, String value) {
        return elements(section).stream()
                .filter(node -> node.path(field).asString("").equals(value))
                .findFirst();
    }

    /** The elements of a list of ip(8), which prints nothing for none, and empty objects for what it leaves out. */
    private List<JsonNode> elements(String section) {
        String text = sections.get(section);
        if (text.isBlank()) {
            return List.of();
        }
        return StreamSupport.stream(JSON.readTree(text).spliterator(), false)
                .filter(node -> !node.isEmpty())
                .toList();
    }
}
