package io.jnet.netlink.link;

import io.jnet.netlink.FamilyHeader;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * The struct of all link messages.
 *
 * <pre>
 * struct ifinfomsg { unsigned char ifi_family; unsigned char __ifi_pad; unsigned short ifi_type; int ifi_index;
 *                    unsigned ifi_flags; unsigned ifi_change; };
 * </pre>
 *
 * @param family AF_UNSPEC, or AF_BRIDGE for bridge ports
 * @param type {@code ARPHRD_...}; 0 in requests
 * @param index 0 when the link is named by an attribute
 * @param flags {@code IFF_...}
 * @param change which flags a request sets
 */
public record LinkHeader(int family, int type, int index, long flags, long change) implements FamilyHeader {
    static final int LENGTH = 16;

    /** A request for the link with this index; 0 for a link that an attribute names, or for all. */
    static LinkHeader of(int index) {
        return new LinkHeader(0, 0, index, 0, 0);
    }

    static LinkHeader read(NetlinkReader reader) {
        NetlinkReader header = reader.part(LENGTH);
        int family = header.u8();
        header.u8();
        return new LinkHeader(family, header.u16(), header.s32(), header.u32(), header.u32());
    }

    @Override
    public void write(NetlinkWriter writer) {
        writer.u8(family).u8(0).u16(type).s32(index).u32(flags).u32(change);
    }
}
