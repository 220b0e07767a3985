package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name of an address, or of all that begin alike (RFC 1035 section 3.5, RFC 3596 section 2.5).
 *
 * @param addresses those that the name is of, or is below the name of
 * @param exact whether it is their name, and none below that
 */
record ReverseName(IpPrefix addresses, boolean exact) {
    static final WireName IPV4 = WireName.of("in-addr.arpa");
    static final WireName IPV6 = WireName.of("ip6.arpa");

    private static final int OCTET = 8;
    private static final int NIBBLE = 4;

    /** Reads a name; empty: it is another one. */
    static Optional<ReverseName> of(WireName name) {
        if (name.isIn(IPV4)) {
            return Optional.of(read(labels(name, IPV4), AddressFamily.INET, OCTET));
        }
        return name.isIn(IPV6) ? Optional.of(read(labels(name, IPV6), AddressFamily.INET6, NIBBLE)) : Optional.empty();
    }

    /** The domain of all such names that this one is in. */
    WireName root() {
        return addresses.family() == AddressFamily.INET ? IPV4 : IPV6;
    }

    /** The one address that the name is of; empty: it is of several, or of none. */
    Optional<IpAddress> address() {
        return exact && addresses.length() == addresses.family().addressBits()
                ? Optional.of(addresses.address())
                : Optional.empty();
    }

    private static List<String> labels(WireName name, WireName root) {
        List<String> labels = new ArrayList<>();
        for (WireName rest = name; !rest.equals(root); rest = rest.parent()) {
            labels.add(rest.firstLabel());
        }
        return labels;
    }

    private static ReverseName read(List<String> labels, AddressFamily family, int bits) {
        byte[] bytes = new byte[family.addressLength()];
        int known = 0;
        for (int i = labels.size() - 1; i >= 0 && known < family.addressBits(); i--) {
            Optional<Integer> part = part(labels.get(i), bits);
            if (part.isEmpty()) {
                break;
            }
            bytes[known / OCTET] |= (byte) (part.get() << (OCTET - bits - known % OCTET));
            known += bits;
        }
        return new ReverseName(new IpPrefix(IpAddress.of(bytes), known), known == labels.size() * bits);
    }

    private static Optional<Integer> part(String label, int bits) {
        if (bits == NIBBLE) {
            return label.matches("[0-9a-f]") ? Optional.of(Integer.parseInt(label, 16)) : Optional.empty();
        }
        return label.matches("0|[1-9][0-9]{0,2}")
                ? Optional.of(Integer.parseInt(label)).filter(octet -> octet <= 255)
                : Optional.empty();
    }
}
