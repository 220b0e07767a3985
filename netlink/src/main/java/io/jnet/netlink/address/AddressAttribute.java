package io.jnet.netlink.address;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;

/** The attributes of addresses, with the kernel's names (include/uapi/linux/if_addr.h). */
public final class AddressAttribute {
    /** Four or sixteen bytes in network order. */
    public static final AttributeCodec<IpAddress> IP = AttributeCodec.BYTES.map(IpAddress::of, IpAddress::bytes);

    /** The prefix's address; on a point-to-point link the peer's. */
    public static final Attribute<IpAddress> IFA_ADDRESS = Attribute.of(1, "IFA_ADDRESS", IP);

    /** The link's own address; IPv6 has it only on point-to-point links. */
    public static final Attribute<IpAddress> IFA_LOCAL = Attribute.of(2, "IFA_LOCAL", IP);

    public static final Attribute<IpAddress> IFA_BROADCAST = Attribute.of(4, "IFA_BROADCAST", IP);
    /** All flags; the struct has room for the first eight. */
    public static final Attribute<Long> IFA_FLAGS = Attribute.of(8, "IFA_FLAGS", AttributeCodec.U32);

    private AddressAttribute() {}
}
