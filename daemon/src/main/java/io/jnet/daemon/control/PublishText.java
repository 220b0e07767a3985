package io.jnet.daemon.control;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;

/**
 * {@code [ADDRESS:]HOSTPORT:PORT[/PROTOCOL]}, as {@code docker run -p} has it; ports may be ranges of one length.
 *
 * @param hostAddress the host's address; empty: none is named
 * @param hostPorts the host's ports
 * @param containerPorts the container's, as many; empty: none are named
 * @param protocol the transport protocol, {@code tcp} where none is named
 */
public record PublishText(
        Optional<IpAddress> hostAddress, PortRange hostPorts, Optional<PortRange> containerPorts, Protocol protocol) {
    private static final String PORTS = "\\d{1,5}(?:-\\d{1,5})?";
    private static final Pattern FORM = Pattern.compile("(?:(?<address>[0-9]+\\.[0-9.]*|\\[[0-9A-Fa-f:.]+]):)?(?<host>"
            + PORTS + ")(?::(?<container>" + PORTS + "))?(?:/(?<protocol>tcp|udp|sctp))?");

    /**
     * The texts that a JSON list has.
     *
     * @throws EngineException with {@code INVALID_REQUEST} when it is none
     */
    static List<String> list(byte[] json) {
        try {
            return List.of(ControlJson.read(json, String[].class));
        } catch (JacksonException | NullPointerException none) {
            throw new EngineException(ErrorCode.INVALID_REQUEST, "invalid published ports: want a list of texts", none);
        }
    }

    /**
     * Reads one that names the container's ports too.
     *
     * @throws EngineException with {@code INVALID_REQUEST} when it is none
     */
    public static PublishText parse(String text) {
        PublishText read = parseSelection(text);
        if (read.containerPorts.isEmpty()) {
            throw malformed(text, "[ADDRESS:]HOSTPORT:PORT[/tcp|udp|sctp], as 8080:80 or 127.0.0.1:53:53/udp");
        }
        return read;
    }

    /**
     * Reads one that may leave the container's ports out.
     *
     * @throws EngineException with {@code INVALID_REQUEST} when it is none
     */
    public static PublishText parseSelection(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text, "[ADDRESS:]HOSTPORT[:PORT][/tcp|udp|sctp], as 8080, 8080:80 or 53/udp");
        }
        PortRange host = range(matcher.group("host"));
        Optional<PortRange> container =
                Optional.ofNullable(matcher.group("container")).map(PublishText::range);
        container.filter(ports -> ports.size() != host.size()).ifPresent(ports -> {
            throw EngineException.invalid(
                    "invalid published port: " + host + " and " + ports + " are not of one length");
        });
        return new PublishText(
                Optional.ofNullable(matcher.group("address")).map(PublishText::address),
                host,
                container,
                protocol(matcher.group("protocol")));
    }

    /** A request for each port. */
    public List<PortRequest> requests() {
        return IntStream.range(0, hostPorts.size())
                .mapToObj(i -> new PortRequest(
                        protocol,
                        hostAddress,
                        Optional.of(PortRange.of(hostPorts.first() + i)),
                        containerPorts.orElse(hostPorts).first() + i))
                .toList();
    }

    /** The published ports that are meant. */
    public PortSelection selection() {
        return new PortSelection(protocol, hostAddress, hostPorts, containerPorts);
    }

    private static EngineException malformed(String text, String wanted) {
        return EngineException.invalid("invalid published port \"" + Printable.of(text) + "\": want " + wanted);
    }

    private static Protocol protocol(String name) {
        return Arrays.stream(Protocol.values())
                .filter(protocol -> protocol.text().equals(name))
                .findFirst()
                .orElse(Protocol.TCP);
    }

    private static IpAddress address(String text) {
        try {
            return IpAddress.parse(text.replaceAll("[\\[\\]]", ""));
        } catch (IllegalArgumentException invalid) {
            throw EngineException.invalid("invalid published port: " + invalid.getMessage());
        }
    }

    private static PortRange range(String text) {
        int dash = text.indexOf('-');
        return dash < 0
                ? PortRange.of(Integer.parseInt(text))
                : new PortRange(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }
}
