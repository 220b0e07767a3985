package io.jnet.engine.name;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/**
 * A server that answers names which the network itself does not know.
 *
 * @param domain the names that it is asked for; empty: all
 * @param address where it is
 * @param port at which port, usually {@value #PORT}
 */
public record NameServer(Optional<DomainName> domain, IpAddress address, int port) {
    /** The port of name servers (RFC 1035 section 4.2). */
    public static final int PORT = 53;

    private static final int MOST = 65535;

    /**
     * @throws IllegalArgumentException when no server can be there
     */
    public NameServer {
        if (port < 1 || port > MOST) {
            throw new IllegalArgumentException("invalid port " + port + ": want 1 to " + MOST);
        }
        if (address.isAny() || isBroadcast(address)) {
            throw new IllegalArgumentException("invalid server " + address + ": no host has that address");
        }
    }

    /**
     * Reads {@code 192.0.2.53}, {@code 192.0.2.53#5353}, {@code corp.test=192.0.2.53}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static NameServer parse(String text) {
        int equals = text.indexOf('=');
        Optional<DomainName> domain =
                equals < 0 ? Optional.empty() : Optional.of(DomainName.parse(text.substring(0, equals)));
        String server = text.substring(equals + 1);
        int hash = server.indexOf('#');
        if (hash < 0) {
            return new NameServer(domain, IpAddress.parse(server), PORT);
        }
        return new NameServer(domain, IpAddress.parse(server.substring(0, hash)), port(server.substring(hash + 1)));
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("invalid port: want a number after \"#\"");
        }
        return Integer.parseInt(text);
    }

    private static boolean isBroadcast(IpAddress address) {
        return address.family() == AddressFamily.INET && address.toString().equals("255.255.255.255");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return domain.map(name -> name + "=").orElse("") + address + (port == PORT ? "" : "#" + port);
    }
}
