package io.jnet.daemon.command;

import io.jnet.engine.EngineException;
import io.jnet.engine.port.PortRange;
import io.jnet.netlink.address.IpAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code -p [ADDRESS:]HOSTPORT:CONTAINERPORT[/PROTOCOL]}, as {@code docker run} has it; ports may be ranges of one length. */
final class PublishOption {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<address>[0-9.]+|\\[[0-9A-Fa-f:.]+]):)?(?<host>\\d{1,5}(?:-\\d{1,5})?):(?<container>\\d{1,5}(?:-\\d{1,5})?)"
                    + "(?:/(?<protocol>tcp|udp|sctp))?");

    private PublishOption() {}

    /**
     * Adds the port mappings of an option.
     *
     * @throws EngineException with {@code INVALID_REQUEST} when it is none
     */
    static void add(String option, ArrayNode mappings) {
        Matcher matcher = FORM.matcher(option);
        if (!matcher.matches()) {
            throw EngineException.invalid(
                    "invalid -p: want [ADDRESS:]HOSTPORT:CONTAINERPORT[/tcp|udp|sctp], as 8080:80 or 127.0.0.1:53:53/udp");
        }
        PortRange host = range(matcher.group("host"));
        PortRange container = range(matcher.group("container"));
        if (host.size() != container.size()) {
            throw EngineException.invalid("invalid -p: " + host + " and " + container + " are not of one length");
        }
        String protocol = matcher.group("protocol") == null ? "tcp" : matcher.group("protocol");
        for (int i = 0; i < host.size(); i++) {
            ObjectNode mapping = mappings.addObject()
                    .put("hostPort", host.first() + i)
                    .put("containerPort", container.first() + i)
                    .put("protocol", protocol);
            if (matcher.group("address") != null) {
                mapping.put("hostIP", address(matcher.group("address")));
            }
        }
    }

    private static String address(String text) {
        try {
            return IpAddress.parse(text.replaceAll("[\\[\\]]", "")).toString();
        } catch (IllegalArgumentException invalid) {
            throw EngineException.invalid("invalid -p: " + invalid.getMessage());
        }
    }

    private static PortRange range(String text) {
        int dash = text.indexOf('-');
        return dash < 0
                ? PortRange.of(Integer.parseInt(text))
                : new PortRange(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }
}
