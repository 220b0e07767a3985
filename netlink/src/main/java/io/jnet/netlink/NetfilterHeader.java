package io.jnet.netlink;

import java.nio.ByteOrder;

/**
 * The struct of all nfnetlink messages.
 *
 * <pre>
 * struct nfgenmsg { __u8 nfgen_family; __u8 version; __be16 res_id; };
 * </pre>
 *
 * @param family {@code NFPROTO_...}: 1 inet, 2 ipv4, 7 bridge, 10 ipv6
 * @param resource the subsystem for the frame of a batch, the low 16 bits of the generation in nftables answers, otherwise 0
 */
public record NetfilterHeader(int family, int resource) implements FamilyHeader {
    /** Bytes of the struct. */
    public static final int LENGTH = 4;

    /** The header for objects of one family. */
    public static NetfilterHeader of(int family) {
        return new NetfilterHeader(family, 0);
    }

    /** Reads the struct; the reader keeps the error, if there is one. */
    public static NetfilterHeader read(NetlinkReader reader) {
        NetlinkReader header = reader.part(LENGTH).withOrder(ByteOrder.BIG_ENDIAN);
        int family = header.u8();
        header.u8();
        return new NetfilterHeader(family, header.u16());
    }

    @Override
    public void write(NetlinkWriter writer) {
        // The version is NFNETLINK_V0.
        writer.withOrder(ByteOrder.BIG_ENDIAN).u8(family).u8(0).u16(resource);
    }
}
