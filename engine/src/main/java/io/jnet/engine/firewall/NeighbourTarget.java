package io.jnet.engine.firewall;

import io.jnet.netlink.nftables.ElementField;
import io.jnet.netlink.nftables.ElementField.Address;
import io.jnet.netlink.nftables.ElementField.AddressBits;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.NftablesException;
import io.jnet.netlink.nftables.SetElement;
import java.util.List;

/**
 * How nft calls the target of IPv6's neighbour discovery (RFC 4861 section 4.3), 128 bits after the 8 bytes of an ICMPv6 header. Releases
 * before 1.0.8 have no name for it. Later ones list it by its name, whatever it was called, and do not take their own listing back when
 * the type of a set beside it is said in bits: so there the name is used from the beginning.
 */
enum NeighbourTarget {
    /** Position and length, an integer of 128 bits. */
    BITS("@th,64,128"),
    /** An IPv6 address. */
    NAME("icmpv6 taddr");

    private final String expression;

    NeighbourTarget(String expression) {
        this.expression = expression;
    }

    /** The one that a release of libnftables lists. Changes nothing. */
    static NeighbourTarget of(Nftables nftables) {
        try {
            nftables.check(
                    "look for " + NAME.expression,
                    "table bridge jnet_check {\n\tset targets {\n\t\ttypeof iifname . " + NAME.expression
                            + "\n\t}\n}\n");
            return NAME;
        } catch (NftablesException unknown) {
            return BITS;
        }
    }

    /** Text in which the target is called {@link #BITS}, with what this calls it. */
    String in(String text) {
        return text.replace(BITS.expression, expression);
    }

    /** An element as text for nft. */
    String in(SetElement element) {
        if (this == BITS) {
            return element.text();
        }
        List<ElementField> key = element.key().stream()
                .map(field -> field instanceof AddressBits bits ? new Address(bits.address()) : field)
                .toList();
        return new SetElement(element.set(), key, element.data()).text();
    }
}
