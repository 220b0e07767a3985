package io.jnet.netlink.link;

import static io.jnet.netlink.link.LinkAttribute.AF_INET6;
import static io.jnet.netlink.link.LinkAttribute.IFLA_INET6_ADDR_GEN_MODE;

import io.jnet.netlink.Attributes;

/** How the kernel makes the link-local IPv6 address of a link (enum in6_addr_gen_mode). */
public enum Ipv6AddressGeneration {
    /** From the MAC address. */
    EUI64(0),
    /** Not at all: for a link that has no use for one, such as a bridge's port. */
    NONE(1);

    private final int number;

    Ipv6AddressGeneration(int number) {
        this.number = number;
    }

    /** The content of IFLA_AF_SPEC. */
    Attributes encode() {
        return Attributes.of(AF_INET6, Attributes.of(IFLA_INET6_ADDR_GEN_MODE, number));
    }
}
