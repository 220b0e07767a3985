package io.jnet.netlink.address;

import io.jnet.netlink.FamilyHeader;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * The struct of all address messages.
 *
 * <pre>
 * struct ifaddrmsg { __u8 ifa_family; __u8 ifa_prefixlen; __u8 ifa_flags; __u8 ifa_scope; __u32 ifa_index; };
 * </pre>
 *
 * @param family {@link AddressFamily#number()}; 0 for all
 * @param prefixLength in bits
 * @param flags the first eight {@code IFA_F_...}
 * @param scope {@link AddressScope#number()}
 * @param index of the link
 */
public record AddressHeader(int family, int prefixLength, int flags, int scope, int index) implements FamilyHeader {
    static final int LENGTH = 8;

    static AddressHeader read(NetlinkReader reader) {
        NetlinkReader header = reader.part(LENGTH);
        return new AddressHeader(header.u8(), header.u8(), header.u8(), header.u8(), header.s32());
    }

    @Override
    public void write(NetlinkWriter writer) {
        writer.u8(family).u8(prefixLength).u8(flags).u8(scope).s32(index);
    }
}
