package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/** Names of addresses (RFC 1035 section 3.5, RFC 3596 section 2.5). */
final class ReverseName {
    static final WireName IPV4 = WireName.of("in-addr.arpa");
    static final WireName IPV6 = WireName.of("ip6.arpa");
    static final WireName LOOPBACK_NET = WireName.of("127.in-addr.arpa");

    private static final int BYTES_4 = 4;
    private static final int NIBBLES_6 = 32;

    private ReverseName() {}

    /** The address that the name is of; empty: it is another name, or one of several addresses. */
    static Optional<IpAddress> address(WireName name) {
        if (name.isIn(IPV4)) {
            return ipv4(name);
        }
        return name.isIn(IPV6) ? ipv6(name) : Optional.empty();
    }

    private static Optional<IpAddress> ipv4(WireName name) {
        byte[] address = new byte[BYTES_4];
        WireName rest = name;
        for (int i = BYTES_4 - 1; i >= 0; i--) {
            String label = rest.firstLabel();
            if (!label.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(label) > 255) {
                return Optional.empty();
            }
            address[i] = (byte) Integer.parseInt(label);
            rest = rest.parent();
        }
        return rest.equals(IPV4) ? Optional.of(IpAddress.of(address)) : Optional.empty();
    }

    private static Optional<IpAddress> ipv6(WireName name) {
        byte[] address = new byte[NIBBLES_6 / 2];
        WireName rest = name;
        for (int i = NIBBLES_6 - 1; i >= 0; i--) {
            String label = rest.firstLabel();
            if (!label.matches("[0-9a-f]")) {
                return Optional.empty();
            }
            address[i / 2] |= (byte) (Character.digit(label.charAt(0), 16) << (i % 2 == 0 ? 4 : 0));
            rest = rest.parent();
        }
        return rest.equals(IPV6) ? Optional.of(IpAddress.of(address)) : Optional.empty();
    }
}
