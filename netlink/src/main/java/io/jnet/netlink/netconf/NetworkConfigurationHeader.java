package io.jnet.netlink.netconf;

import io.jnet.netlink.FamilyHeader;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * The struct of all netconf messages, padded to where attributes may begin.
 *
 * <pre>
 * struct netconfmsg { __u8 ncm_family; };
 * </pre>
 *
 * @param family the address family's number
 */
public record NetworkConfigurationHeader(int family) implements FamilyHeader {
    static final int LENGTH = 4;

    static NetworkConfigurationHeader read(NetlinkReader reader) {
        return new NetworkConfigurationHeader(reader.part(LENGTH).u8());
    }

    @Override
    public void write(NetlinkWriter writer) {
        writer.u8(family).u8(0).u16(0);
    }
}
