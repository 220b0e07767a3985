package io.jnet.netlink.route;

import io.jnet.netlink.FamilyHeader;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * The struct of all route messages.
 *
 * <pre>
 * struct rtmsg { unsigned char rtm_family; unsigned char rtm_dst_len; unsigned char rtm_src_len; unsigned char rtm_tos;
 *                unsigned char rtm_table; unsigned char rtm_protocol; unsigned char rtm_scope; unsigned char rtm_type;
 *                unsigned rtm_flags; };
 * </pre>
 *
 * @param family the address family's number; 0 for all
 * @param destinationLength prefix length in bits
 * @param sourceLength prefix length in bits
 * @param tos type of service
 * @param table the table's number where it fits; RTA_TABLE has it always
 * @param protocol who made it, {@code RTPROT_...}
 * @param scope distance, {@code RT_SCOPE_...}
 * @param type {@code RTN_...}
 * @param flags {@code RTM_F_...}, {@code RTNH_F_...}
 */
public record RouteHeader(
        int family,
        int destinationLength,
        int sourceLength,
        int tos,
        int table,
        int protocol,
        int scope,
        int type,
        long flags)
        implements FamilyHeader {
    static final int LENGTH = 12;

    /** For listing routes of all families and tables. */
    static RouteHeader all() {
        return new RouteHeader(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    static RouteHeader read(NetlinkReader reader) {
        NetlinkReader header = reader.part(LENGTH);
        return new RouteHeader(
                header.u8(),
                header.u8(),
                header.u8(),
                header.u8(),
                header.u8(),
                header.u8(),
                header.u8(),
                header.u8(),
                header.u32());
    }

    @Override
    public void write(NetlinkWriter writer) {
        writer.u8(family).u8(destinationLength).u8(sourceLength).u8(tos);
        writer.u8(table).u8(protocol).u8(scope).u8(type).u32(flags);
    }
}
