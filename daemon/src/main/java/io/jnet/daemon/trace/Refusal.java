package io.jnet.daemon.trace;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.nftables.TracedPacket;
import java.util.Map;
import java.util.Optional;

/**
 * ICMP's message that a packet was not delivered.
 *
 * @param by who says so
 * @param reason what it says
 */
record Refusal(IpAddress by, Reason reason) {
    /** RFC 792, 1122 and 1812. */
    private static final Map<Integer, Reason> OF_IPV4 =
            Map.of(0, Reason.ABSENT, 1, Reason.ABSENT, 3, Reason.PORT, 6, Reason.ABSENT, 7, Reason.ABSENT);

    private static final int FRAGMENTATION_NEEDED = 4;

    /** RFC 4443. */
    private static final Map<Integer, Reason> OF_IPV6 =
            Map.of(0, Reason.ABSENT, 3, Reason.ABSENT, 4, Reason.PORT, 6, Reason.ABSENT);

    /** Why a packet was not delivered, as far as that makes a difference. */
    enum Reason {
        /** Nobody has the address, or there is no route. */
        ABSENT,
        /** Nobody has the port, or so it is said. */
        PORT,
        /** It is not allowed, most likely. */
        OTHER
    }

    /** What a packet is; empty for all but these messages. */
    static Optional<Refusal> of(TracedPacket packet) {
        boolean ipv4 = packet.source().family() == AddressFamily.INET;
        return packet.unreachable().stream()
                .filter(code -> !ipv4 || code != FRAGMENTATION_NEEDED)
                .mapToObj(code ->
                        new Refusal(packet.source(), (ipv4 ? OF_IPV4 : OF_IPV6).getOrDefault(code, Reason.OTHER)))
                .findFirst();
    }

    /** Whether it is a router's on the way that knows no further. */
    boolean isNoWay(IpAddress destination) {
        return reason == Reason.ABSENT && !by.equals(destination);
    }

    /** Whether it is how a machine says of itself that nothing has a UDP port. */
    boolean isNoPort(IpAddress destination) {
        return reason == Reason.PORT && by.equals(destination);
    }
}
