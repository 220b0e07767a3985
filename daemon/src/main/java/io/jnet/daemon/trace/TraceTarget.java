package io.jnet.daemon.trace;

import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a packet is to go.
 *
 * @param host an address, or an endpoint or container
 * @param port its port
 * @param protocol TCP or UDP
 */
public record TraceTarget(String host, int port, TransportProtocol protocol) {
    private static final int LARGEST_PORT = 65535;
    private static final Pattern TEXT =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9_.-]{1,128})):([0-9]{1,5})(?:/(tcp|udp))?");

    /**
     * Parses {@code TO:PORT[/tcp|/udp]}, an IPv6 address in brackets.
     *
     * @throws WrongUsageException when it is something else
     */
    public static TraceTarget parse(String text) {
        Matcher parts = TEXT.matcher(text);
        int port = parts.matches() ? Integer.parseInt(parts.group(3)) : 0;
        if (port < 1 || port > LARGEST_PORT) {
            throw new WrongUsageException(
                    "invalid target: want TO:PORT or TO:PORT/udp, like 198.51.100.10:8080 or [2001:db8::1]:53/udp");
        }
        return new TraceTarget(
                parts.group(1) == null ? parts.group(2) : parts.group(1),
                port,
                "udp".equals(parts.group(4)) ? TransportProtocol.UDP : TransportProtocol.TCP);
    }
}
