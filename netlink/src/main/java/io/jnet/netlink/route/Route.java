package io.jnet.netlink.route;

import static io.jnet.netlink.route.RouteAttribute.RTA_DST;
import static io.jnet.netlink.route.RouteAttribute.RTA_GATEWAY;
import static io.jnet.netlink.route.RouteAttribute.RTA_MULTIPATH;
import static io.jnet.netlink.route.RouteAttribute.RTA_OIF;
import static io.jnet.netlink.route.RouteAttribute.RTA_PREFSRC;
import static io.jnet.netlink.route.RouteAttribute.RTA_PRIORITY;
import static io.jnet.netlink.route.RouteAttribute.RTA_TABLE;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A route as the kernel described it; of any table and type, of IPv4 and IPv6.
 *
 * @param header family, prefix lengths, type, scope and protocol
 * @param attributes everything else, known or not, in the kernel's order
 */
public record Route(RouteHeader header, Attributes attributes) {
    /** {@code RT_TABLE_MAIN}. */
    public static final long MAIN_TABLE = 254;
    /** {@code RT_TABLE_LOCAL}: the host's own and broadcast addresses. */
    public static final long LOCAL_TABLE = 255;
    /** {@code RTN_UNICAST}, the ordinary {@link #type()}. */
    public static final int UNICAST = 1;
    /** {@code RTN_LOCAL}: to the host itself. */
    public static final int LOCAL = 2;

    /**
     * Reads an RTM_NEWROUTE or RTM_DELROUTE message, an answer or an event.
     *
     * @throws NetlinkException when it is malformed
     */
    public static Route decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        Route route = new Route(RouteHeader.read(reader), Attributes.read(reader));
        reader.finish("route message");
        return route;
    }

    /** Whether it is of IPv4 or IPv6; a list of all families has routes of others too (multicast). */
    public boolean isInternet() {
        return header.family() == AddressFamily.INET.number() || header.family() == AddressFamily.INET6.number();
    }

    /** The address family, for routes of IPv4 and IPv6. */
    public AddressFamily family() {
        return header.family() == AddressFamily.INET6.number() ? AddressFamily.INET6 : AddressFamily.INET;
    }

    /** Where it leads; length 0 for a default route. */
    public IpPrefix destination() {
        try {
            return new IpPrefix(attributes.get(RTA_DST).orElse(IpAddress.any(family())), header.destinationLength());
        } catch (IllegalArgumentException malformed) {
            throw new NetlinkException(
                    "decode",
                    "route message",
                    Errno.EBADMSG,
                    String.valueOf(malformed.getMessage()),
                    NetlinkException.NO_OFFSET);
        }
    }

    /** Whether every destination matches. */
    public boolean isDefault() {
        return header.destinationLength() == 0;
    }

    /** The next router. */
    public Optional<IpAddress> gateway() {
        return attributes.get(RTA_GATEWAY);
    }

    /** The index of the link that it leaves by; a route with {@link #nextHops()} has none here. */
    public OptionalInt link() {
        return attributes.get(RTA_OIF).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** The several ways of a route that has them: IPv4 always, IPv6 since 4.11 (RTA_MULTIPATH). */
    public List<NextHop> nextHops() {
        return attributes.get(RTA_MULTIPATH).orElse(List.of());
    }

    /** The indexes of all links that it may leave by: none for a blackhole. */
    public Set<Integer> links() {
        return IntStream.concat(link().stream(), nextHops().stream().mapToInt(NextHop::link))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The source address for packets of the host. */
    public Optional<IpAddress> preferredSource() {
        return attributes.get(RTA_PREFSRC);
    }

    /** The metric: the lowest wins. */
    public long priority() {
        return attributes.get(RTA_PRIORITY).orElse(0L);
    }

    /** The table's number. */
    public long table() {
        return attributes.get(RTA_TABLE).orElse((long) header.table());
    }

    /** {@code RTN_...}: 1 unicast, 2 local, 3 broadcast, 6 blackhole, 7 unreachable. */
    public int type() {
        return header.type();
    }

    /** Who made it, {@code RTPROT_...}: 2 the kernel, 3 at boot, 4 by hand, 9 from a router advertisement. */
    public int protocol() {
        return header.protocol();
    }
}
