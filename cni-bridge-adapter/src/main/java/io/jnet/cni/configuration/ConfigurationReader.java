package io.jnet.cni.configuration;

import io.jnet.cni.configuration.NetworkConfiguration.AttachmentName;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.Command;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.link.InterfaceTuning;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.netlink.link.InterfaceName;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a configuration: all of it, or what a command needs of it. */
public final class ConfigurationReader {
    /** It is read into a tree, where a few bytes are an object of a hundred. Twenty thousand port mappings are so many values. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(200_000)
                            .maxStringLength(1024 * 1024)
                            .maxNestingDepth(200)
                            .build())
                    .build())
            .build();

    private static final List<String> INTERFACE_KEYS = List.of(
            "ipam",
            "bridge",
            "adoptBridge",
            "isGateway",
            "isDefaultGateway",
            "ipMasq",
            "mtu",
            "vlan",
            "vlanTrunk",
            "promiscMode",
            "macspoofchk",
            "portIsolation",
            "enabledad",
            "disableContainerInterface",
            "ingressPolicy",
            "resolver",
            "mac",
            "promisc",
            "allmulti",
            "txQLen",
            "sysctl");
    /** Of the reference plugin {@code portmap}: which packets it takes for a port's, and whose rules are to mark them. */
    private static final List<String> RULE_KEYS = List.of("conditionsV4", "conditionsV6", "externalSetMarkChain");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private final Fields fields;

    private ConfigurationReader(Fields fields) {
        this.fields = fields;
    }

    /**
     * The reader of what came on standard input.
     *
     * @throws CniException with {@link CniCode#UNDECODABLE} when it is no JSON object
     */
    public static ConfigurationReader of(byte[] configuration) {
        return new ConfigurationReader(Fields.of("", decode(configuration)));
    }

    /**
     * The version that the configuration says it is in, so that an error can be answered in it. None means the first one (cni,
     * pkg/version/plugin.go).
     *
     * @throws CniException with {@link CniCode#INCOMPATIBLE_VERSION} for a version that jnet does not speak
     */
    public SpecVersion version() {
        return fields.text("cniVersion").map(SpecVersion::parse).orElse(SpecVersion.V0_1_0);
    }

    /**
     * The name of the network alone, for commands that take away: whatever else has come into a configuration since its ADD must not keep
     * a container from going.
     *
     * @throws CniException when it has none
     */
    public String networkName() {
        return name(fields);
    }

    /**
     * The plugin that gives addresses away, for commands that take away; absent where it is jnet, or nobody, or where no ADD can have
     * succeeded with what the configuration says.
     */
    public Optional<String> ipamPlugin() {
        try {
            return IpamConfiguration.plugin(fields.object("ipam"));
        } catch (CniException neverAdded) {
            return Optional.empty();
        }
    }

    /**
     * The attachments that are in use still, for GC; absent: nobody knows.
     *
     * @throws CniException when they are no list of attachments
     */
    public Optional<Set<AttachmentName>> attachments() {
        return attachments(fields);
    }

    /**
     * Reads all of it.
     *
     * @throws CniException with the code of the spec, key and value named
     */
    public NetworkConfiguration read(CniEnvironment environment) {
        return read(environment, Optional.empty());
    }

    /**
     * Reads all of it.
     *
     * @param resolverFile the content of the file that it names for resolvers, where that was read
     * @throws CniException with the code of the spec, key and value named
     */
    public NetworkConfiguration read(CniEnvironment environment, Optional<String> resolverFile) {
        SpecVersion version = version();
        refuseContradictions(fields);
        if (environment.command() == Command.ADD) {
            refuseBesidePrevious(fields);
            refuseRules(fields);
        }
        Optional<Fields> runtime = fields.object("runtimeConfig");
        String name = name(fields);
        RuntimeConfiguration asked = RuntimeConfiguration.of(
                runtime,
                fields.object("args").flatMap(args -> args.object("cni")),
                environment,
                name,
                fields.mac("mac"));
        IngressPolicy ingress = ingress(fields);
        boolean defaultGateway = fields.flag("isDefaultGateway", false);
        boolean gateway = defaultGateway || fields.flag("isGateway", false);
        IpamConfiguration ipam = IpamConfiguration.of(
                fields.object("ipam"),
                runtime.map(given -> given.objectLists("ipRanges")).orElse(List.of()));
        return new NetworkConfiguration(
                version,
                name,
                bridge(fields),
                gateway,
                defaultGateway,
                fields.flag("ipMasq", false),
                fields.number("mtu").stream().filter(mtu -> mtu != 0).findFirst(),
                ingress != IngressPolicy.ISOLATED && !fields.flag("portIsolation", false),
                fields.flag("enabledad", false),
                ingress,
                publish(fields),
                BandwidthConfiguration.of(fields, runtime),
                fields.has("reservePorts") ? Optional.of(fields.flag("reservePorts", true)) : Optional.empty(),
                ipam,
                dns(fields, asked, ipam)
                        .or(() -> resolverFile.map(DnsConfiguration::ofResolverFile))
                        .orElse(DnsConfiguration.NONE),
                ResolverConfiguration.of(fields, gateway && ipam.source().hasSubnets()),
                flags(fields),
                VlanConfiguration.of(fields),
                environment
                        .interfaceName()
                        .map(link -> TuningConfiguration.of(fields, link))
                        .orElse(InterfaceTuning.NONE),
                asked,
                previous(fields));
    }

    private static JsonNode decode(byte[] configuration) {
        try {
            JsonNode node = MAPPER.readTree(configuration);
            if (node == null || !node.isObject()) {
                throw new CniException(CniCode.UNDECODABLE, "the configuration on stdin is not a JSON object");
            }
            return node;
        } catch (JacksonException broken) {
            throw new CniException(
                    CniCode.UNDECODABLE,
                    "the configuration on stdin is not JSON: " + Printable.of(broken.getOriginalMessage()));
        }
    }

    private static String name(Fields fields) {
        String name = fields.text("name").orElseThrow(() -> CniException.configuration("missing name"));
        if (!NAME.matcher(name).matches()) {
            throw CniException.configuration("invalid name \"" + Printable.of(name)
                    + "\": want a letter or digit and up to 127 letters, digits, \"_\", \".\" or \"-\"");
        }
        return name;
    }

    private static Optional<InterfaceName> bridge(Fields fields) {
        return fields.text("bridge").map(text -> {
            try {
                return new InterfaceName(text);
            } catch (IllegalArgumentException invalid) {
                throw CniException.configuration("bridge: " + invalid.getMessage());
            }
        });
    }

    private static IngressPolicy ingress(Fields fields) {
        String text = fields.text("ingressPolicy").orElse("open");
        return switch (text) {
            case "open" -> IngressPolicy.OPEN;
            case "same-bridge" -> IngressPolicy.SAME_BRIDGE;
            case "isolated" -> IngressPolicy.ISOLATED;
            default ->
                throw CniException.configuration(
                        "invalid ingressPolicy \"" + Printable.of(text) + "\": want open, same-bridge or isolated");
        };
    }

    private static PublishPolicy publish(Fields fields) {
        String text = fields.text("publishPolicy").orElse("open");
        try {
            return PublishPolicy.parse(text);
        } catch (IllegalArgumentException invalid) {
            throw CniException.configuration(
                    "invalid publishPolicy \"" + Printable.of(text) + "\": " + invalid.getMessage());
        }
    }

    /** The runtime's word, then the network's, then the address management's. */
    private static Optional<DnsConfiguration> dns(Fields fields, RuntimeConfiguration asked, IpamConfiguration ipam) {
        DnsConfiguration own = fields.object("dns").map(DnsConfiguration::of).orElse(DnsConfiguration.NONE);
        return Stream.of(asked.dns(), own, ipam.dns())
                .filter(dns -> !dns.isEmpty())
                .findFirst();
    }

    private static Optional<JsonNode> previous(Fields fields) {
        return fields.object("prevResult").map(Fields::node);
    }

    /**
     * The spec's key, and the one that its 1.1.0 tag had. Null is a slice of Go's that nobody has made: the runtime has never attached anything to this
     * network, and whoever has (multus, another runtime) is not heard.
     */
    private static Optional<Set<AttachmentName>> attachments(Fields fields) {
        for (String key : List.of("cni.dev/valid-attachments", "cni.dev/attachments")) {
            JsonNode given = fields.node().get(key);
            if (given != null && !given.isNull()) {
                return Optional.of(fields.objects(key).stream()
                        .map(one -> new AttachmentName(
                                one.text("containerID").orElse(""),
                                one.text("ifname").orElse("")))
                        .collect(Collectors.toSet()));
            }
        }
        return Optional.empty();
    }

    private static Set<NetworkFlag> flags(Fields fields) {
        Set<NetworkFlag> flags = EnumSet.noneOf(NetworkFlag.class);
        if (fields.flag("promiscMode", false)) {
            flags.add(NetworkFlag.PROMISCUOUS_BRIDGE);
        }
        if (fields.flag("macspoofchk", false)) {
            flags.add(NetworkFlag.MAC_SECURITY);
        }
        if (!fields.flag("adoptBridge", false)) {
            flags.add(NetworkFlag.OWN_BRIDGE);
        }
        return flags;
    }

    /** As the reference plugin has them. */
    private static void refuseContradictions(Fields fields) {
        if (fields.flag("hairpinMode", false) && fields.flag("promiscMode", false)) {
            throw CniException.configuration("hairpinMode true and promiscMode true exclude each other");
        }
        boolean addressed =
                fields.object("ipam").flatMap(ipam -> ipam.text("type")).isPresent() || !fields.has("ipam");
        if (fields.flag("disableContainerInterface", false) && addressed) {
            throw CniException.configuration(
                    "disableContainerInterface true goes with no addresses: want \"ipam\": {}");
        }
    }

    /** What makes an interface, or is of the one that jnet makes, where an earlier plugin has made it. */
    private static void refuseBesidePrevious(Fields fields) {
        if (!fields.has("prevResult")) {
            return;
        }
        INTERFACE_KEYS.stream().filter(fields::says).findFirst().ifPresent(key -> {
            throw CniException.configuration(
                    key + " beside prevResult: another plugin has made the interface, and jnet after it"
                            + " publishes ports and keeps rates only");
        });
    }

    /** A port must not be open to those whom a condition that is passed over was to keep out. */
    private static void refuseRules(Fields fields) {
        RULE_KEYS.stream().filter(fields::says).findFirst().ifPresent(key -> {
            throw CniException.unsupported(
                    key
                            + " is not supported: jnet publishes ports by its own rules, want publishPolicy to say who reaches them");
        });
    }
}
