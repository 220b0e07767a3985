package io.jnet.netlink.route;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the ways of a route that has several.
 *
 * <pre>
 * struct rtnexthop { unsigned short rtnh_len; unsigned char rtnh_flags; unsigned char rtnh_hops; int rtnh_ifindex; };
 * </pre>
 *
 * @param flags {@code RTNH_F_...}
 * @param hops its weight less one
 * @param link the index of the link that it leaves by
 * @param attributes the gateway, and what else there is
 */
public record NextHop(int flags, int hops, int link, Attributes attributes) {
    private static final int LENGTH = 8;
    private static final int ALIGNMENT = 4;

    /** The next router. */
    public Optional<IpAddress> gateway() {
        return attributes.get(RouteAttribute.RTA_GATEWAY);
    }

    /** The content of RTA_MULTIPATH; the reader keeps the error, if there is one. */
    static List<NextHop> readAll(NetlinkReader reader) {
        List<NextHop> all = new ArrayList<>();
        while (reader.remaining() > 0) {
            int length = reader.u16();
            int flags = reader.u8();
            int hops = reader.u8();
            int link = reader.s32();
            if (length < LENGTH) {
                reader.fail("next hop of length " + length);
            }
            all.add(new NextHop(flags, hops, link, Attributes.read(reader.part(length - LENGTH))));
            reader.align(ALIGNMENT);
        }
        return List.copyOf(all);
    }

    static void writeAll(NetlinkWriter writer, List<NextHop> all) {
        for (NextHop hop : all) {
            NetlinkWriter attributes = NetlinkWriter.create();
            hop.attributes.write(attributes);
            writer.u16(LENGTH + attributes.length()).u8(hop.flags).u8(hop.hops).s32(hop.link);
            writer.bytes(attributes.toBytes()).align(ALIGNMENT);
        }
    }
}
