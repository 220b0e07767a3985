package io.jnet.netlink.link;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.RawAttribute;

/** The attributes of links, with the kernel's names (include/uapi/linux/if_link.h). */
public final class LinkAttribute {
    /** Ethernet addresses have 6 bytes; other link types have others. */
    public static final Attribute<byte[]> IFLA_ADDRESS = Attribute.of(1, "IFLA_ADDRESS", AttributeCodec.BYTES);

    public static final Attribute<String> IFLA_IFNAME = Attribute.of(3, "IFLA_IFNAME", AttributeCodec.STRING);
    public static final Attribute<Long> IFLA_MTU = Attribute.of(4, "IFLA_MTU", AttributeCodec.U32);
    /** The index of the other end, or of the link below. */
    public static final Attribute<Integer> IFLA_LINK = Attribute.of(5, "IFLA_LINK", AttributeCodec.S32);

    public static final Attribute<Integer> IFLA_MASTER = Attribute.of(10, "IFLA_MASTER", AttributeCodec.S32);
    /** What the protocol of the message's family has to say; of AF_BRIDGE the settings of a port. */
    public static final Attribute<Attributes> IFLA_PROTINFO = Attribute.of(12, "IFLA_PROTINFO", AttributeCodec.NESTED);

    public static final Attribute<Long> IFLA_TXQLEN = Attribute.of(13, "IFLA_TXQLEN", AttributeCodec.U32);
    public static final Attribute<Integer> IFLA_OPERSTATE = Attribute.of(16, "IFLA_OPERSTATE", AttributeCodec.U8);
    public static final Attribute<Attributes> IFLA_LINKINFO = Attribute.of(18, "IFLA_LINKINFO", AttributeCodec.NESTED);
    /** Counted by length (net/core/dev.c, dev_set_alias): an empty text removes the alias. */
    public static final Attribute<String> IFLA_IFALIAS = Attribute.of(20, "IFLA_IFALIAS", AttributeCodec.TEXT);

    /** Longer in newer kernels; what is wanted is at its beginning. */
    static final Attribute<LinkStatistics> IFLA_STATS64 = Attribute.of(
            23,
            "IFLA_STATS64",
            AttributeCodec.of(LinkStatistics::read, (writer, statistics) -> statistics.write(writer)));

    public static final Attribute<Attributes> IFLA_AF_SPEC = Attribute.of(26, "IFLA_AF_SPEC", AttributeCodec.NESTED);
    public static final Attribute<Long> IFLA_GROUP = Attribute.of(27, "IFLA_GROUP", AttributeCodec.U32);
    public static final Attribute<Integer> IFLA_NET_NS_FD = Attribute.of(28, "IFLA_NET_NS_FD", AttributeCodec.S32);
    public static final Attribute<Long> IFLA_EXT_MASK = Attribute.of(29, "IFLA_EXT_MASK", AttributeCodec.U32);
    static final Attribute<Long> IFLA_NUM_TX_QUEUES = Attribute.of(31, "IFLA_NUM_TX_QUEUES", AttributeCodec.U32);
    static final Attribute<Long> IFLA_NUM_RX_QUEUES = Attribute.of(32, "IFLA_NUM_RX_QUEUES", AttributeCodec.U32);
    public static final Attribute<Long> IFLA_CARRIER_UP_COUNT =
            Attribute.of(47, "IFLA_CARRIER_UP_COUNT", AttributeCodec.U32);
    public static final Attribute<Integer> IFLA_CARRIER = Attribute.of(33, "IFLA_CARRIER", AttributeCodec.U8);
    /** An id of the namespace that {@link #IFLA_LINK} counts in, when it is another one. */
    public static final Attribute<Integer> IFLA_LINK_NETNSID =
            Attribute.of(37, "IFLA_LINK_NETNSID", AttributeCodec.S32);

    /** In {@link #IFLA_LINKINFO}. */
    public static final Attribute<String> IFLA_INFO_KIND = Attribute.of(1, "IFLA_INFO_KIND", AttributeCodec.STRING);

    static final Attribute<Attributes> IFLA_INFO_DATA = Attribute.of(2, "IFLA_INFO_DATA", AttributeCodec.NESTED);
    static final Attribute<RawAttribute> IFLA_INFO_DATA_RAW = Attribute.of(
            2, "IFLA_INFO_DATA", AttributeCodec.BYTES.map(bytes -> RawAttribute.of(2, bytes), RawAttribute::value));
    static final Attribute<String> IFLA_INFO_SLAVE_KIND =
            Attribute.of(4, "IFLA_INFO_SLAVE_KIND", AttributeCodec.STRING);
    static final Attribute<Attributes> IFLA_INFO_SLAVE_DATA =
            Attribute.of(5, "IFLA_INFO_SLAVE_DATA", AttributeCodec.NESTED);

    /** In {@link #IFLA_AF_SPEC}: the number is the address family's. */
    static final Attribute<Attributes> AF_INET = Attribute.of(2, "AF_INET", AttributeCodec.NESTED);

    static final Attribute<Attributes> IFLA_INET_CONF = Attribute.of(1, "IFLA_INET_CONF", AttributeCodec.NESTED);
    /** The number is the setting's (include/uapi/linux/ip.h). */
    static final Attribute<Long> IPV4_DEVCONF_ARP_NOTIFY =
            Attribute.of(22, "IPV4_DEVCONF_ARP_NOTIFY", AttributeCodec.U32);

    /** In {@link #IFLA_AF_SPEC}, as {@link #AF_INET}. */
    static final Attribute<Attributes> AF_INET6 = Attribute.of(10, "AF_INET6", AttributeCodec.NESTED);

    static final Attribute<Integer> IFLA_INET6_ADDR_GEN_MODE =
            Attribute.of(8, "IFLA_INET6_ADDR_GEN_MODE", AttributeCodec.U8);

    private LinkAttribute() {}
}
