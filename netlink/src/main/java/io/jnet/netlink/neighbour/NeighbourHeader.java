package io.jnet.netlink.neighbour;

import io.jnet.netlink.FamilyHeader;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * The struct of all neighbour messages.
 *
 * <pre>
 * struct ndmsg { __u8 ndm_family; __u8 ndm_pad1; __u16 ndm_pad2; __s32 ndm_ifindex; __u16 ndm_state; __u8 ndm_flags;
 *                __u8 ndm_type; };
 * </pre>
 *
 * @param family the address family's number; 0 for all
 * @param index of the link; 0 for all
 * @param state {@code NUD_...}
 * @param flags {@code NTF_...}
 * @param type the kind of address, {@code RTN_...}
 */
public record NeighbourHeader(int family, int index, int state, int flags, int type) implements FamilyHeader {
    static final int LENGTH = 12;

    static NeighbourHeader read(NetlinkReader reader) {
        NetlinkReader header = reader.part(LENGTH);
        int family = header.u8();
        header.u8();
        header.u16();
        return new NeighbourHeader(family, header.s32(), header.u16(), header.u8(), header.u8());
    }

    @Override
    public void write(NetlinkWriter writer) {
        writer.u8(family).u8(0).u16(0).s32(index).u16(state).u8(flags).u8(type);
    }
}
