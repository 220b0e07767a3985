package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a runtime asks for one container (CONVENTIONS.md): {@code runtimeConfig} before {@code args.cni} before {@code CNI_ARGS}.
 *
 * @param ports to be published
 * @param addresses asked for, each of another set of ranges
 * @param mac asked for
 * @param dns what resolvers to use
 * @param names what it is called: its own name first
 */
public record RuntimeConfiguration(
        List<PortRequest> ports,
        List<IpAddress> addresses,
        Optional<MacAddress> mac,
        DnsConfiguration dns,
        List<DomainName> names) {

    public RuntimeConfiguration {
        ports = List.copyOf(ports);
        addresses = List.copyOf(addresses);
        names = List.copyOf(names);
    }

    /**
     * @param network the network's name
     * @param configured the address of the configuration itself, which counts where nobody asks for one
     */
    static RuntimeConfiguration of(
            Optional<Fields> runtime,
            Optional<Fields> args,
            CniEnvironment environment,
            String network,
            Optional<MacAddress> configured) {
        return new RuntimeConfiguration(
                runtime.map(RuntimeConfiguration::ports).orElse(List.of()),
                addresses(runtime, args, environment),
                mac(runtime, args, environment).or(() -> configured),
                runtime.flatMap(fields -> fields.object("dns"))
                        .map(DnsConfiguration::ofRuntime)
                        .orElse(DnsConfiguration.NONE),
                ContainerNames.of(runtime, environment, network));
    }

    private static List<PortRequest> ports(Fields runtime) {
        return runtime.objects("portMappings").stream()
                .map(RuntimeConfiguration::port)
                .toList();
    }

    private static PortRequest port(Fields fields) {
        int host = port(fields, "hostPort");
        int container = port(fields, "containerPort");
        String name = fields.text("protocol").orElse("tcp");
        Protocol protocol = Arrays.stream(Protocol.values())
                .filter(known -> known.text().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> CniException.configuration("invalid " + fields.name("protocol") + " \""
                        + Printable.of(name) + "\": want tcp, udp or sctp"));
        return new PortRequest(protocol, fields.address("hostIP"), Optional.of(PortRange.of(host)), container);
    }

    private static int port(Fields fields, String key) {
        OptionalInt port = fields.number(key);
        if (port.isEmpty() || port.getAsInt() < 1 || port.getAsInt() > PortRange.MAX_PORT) {
            throw CniException.configuration("invalid " + fields.name(key) + " "
                    + (port.isEmpty() ? "(missing)" : port.getAsInt()) + ": want 1 to " + PortRange.MAX_PORT);
        }
        return port.getAsInt();
    }

    private static List<IpAddress> addresses(
            Optional<Fields> runtime, Optional<Fields> args, CniEnvironment environment) {
        List<IpAddress> addresses = new ArrayList<>();
        add(
                addresses,
                "runtimeConfig.ips",
                runtime.map(fields -> fields.texts("ips")).orElse(List.of()));
        add(addresses, "args.cni.ips", args.map(fields -> fields.texts("ips")).orElse(List.of()));
        add(
                addresses,
                "CNI_ARGS IP",
                environment
                        .argument("IP")
                        .map(text -> Arrays.asList(text.split(",", -1)))
                        .orElse(List.of()));
        return addresses;
    }

    /** Adds what a source says of families that no source before it says anything of: nerdctl spreads the two over two sources. */
    private static void add(List<IpAddress> addresses, String source, List<String> texts) {
        List<IpAddress> before = List.copyOf(addresses);
        for (String text : texts) {
            IpAddress address = address(source, text);
            if (before.stream().anyMatch(other -> other.family() == address.family())) {
                continue;
            }
            addresses.add(address);
        }
    }

    /** The length that may follow is the network's in any case. */
    private static IpAddress address(String source, String text) {
        try {
            return text.contains("/") ? IpPrefix.parse(text).address() : IpAddress.parse(text);
        } catch (IllegalArgumentException bad) {
            throw CniException.configuration(
                    "invalid " + source + " \"" + Printable.of(text) + "\": want an IP address");
        }
    }

    private static Optional<MacAddress> mac(
            Optional<Fields> runtime, Optional<Fields> args, CniEnvironment environment) {
        return runtime.flatMap(fields -> fields.mac("mac"))
                .or(() -> args.flatMap(fields -> fields.mac("mac")))
                .or(() -> environment.argument("MAC").map(RuntimeConfiguration::mac));
    }

    private static MacAddress mac(String text) {
        try {
            return MacAddress.parse(text);
        } catch (IllegalArgumentException bad) {
            throw CniException.environment(
                    "invalid MAC in CNI_ARGS \"" + Printable.of(text) + "\": want a MAC address");
        }
    }
}
