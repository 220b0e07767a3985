package io.jnet.netlink.qdisc;

import io.jnet.netlink.FamilyHeader;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * The struct of all messages of qdiscs and filters.
 *
 * <pre>
 * struct tcmsg { unsigned char tcm_family; unsigned char tcm__pad1; unsigned short tcm__pad2; int tcm_ifindex;
 *                __u32 tcm_handle; __u32 tcm_parent; __u32 tcm_info; };
 * </pre>
 *
 * @param family AF_UNSPEC
 * @param link the index of the link
 * @param handle the number of the qdisc or filter; 0 in requests: the kernel chooses, or any
 * @param parent where it hangs, {@code TC_H_...}
 * @param info of a filter: its priority in the upper half, the Ethernet protocol in network byte order in the lower
 */
public record TrafficControlHeader(int family, int link, long handle, long parent, long info) implements FamilyHeader {
    static final int LENGTH = 20;
    /** {@code TC_H_ROOT}. */
    static final long ROOT = 0xffff_ffffL;
    /** {@code TC_H_INGRESS}: where the qdisc hangs that sees what a link receives. */
    static final long INGRESS = 0xffff_fff1L;
    /** {@code TC_H_MAJ(TC_H_INGRESS)}: the handle of that qdisc. */
    static final long INGRESS_HANDLE = 0xffff_0000L;
    /** {@code TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)}: its filters, whether it is {@code ingress} or {@code clsact}. */
    static final long INGRESS_FILTERS = 0xffff_fff2L;

    static TrafficControlHeader of(int link, long handle, long parent, long info) {
        return new TrafficControlHeader(0, link, handle, parent, info);
    }

    static TrafficControlHeader read(NetlinkReader reader) {
        NetlinkReader header = reader.part(LENGTH);
        int family = header.u8();
        header.u8();
        header.u16();
        return new TrafficControlHeader(family, header.s32(), header.u32(), header.u32(), header.u32());
    }

    @Override
    public void write(NetlinkWriter writer) {
        writer.u8(family).u8(0).u16(0).s32(link).u32(handle).u32(parent).u32(info);
    }
}
