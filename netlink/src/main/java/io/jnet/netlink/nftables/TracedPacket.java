package io.jnet.netlink.nftables;

import io.jnet.netlink.address.IpAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the beginning of a packet says: an IPv4 or IPv6 header, and that of TCP, UDP or ICMP.
 *
 * @param source its source
 * @param destination its destination
 * @param protocol {@code IPPROTO_...}; of IPv6 the first next header
 * @param sourcePort 0 for protocols without ports
 * @param destinationPort the same
 * @param tcpFlags the byte of flags; 0 for other protocols
 * @param unreachable the code of ICMP's message "destination unreachable", whose numbers IPv4 (RFC 792, RFC 1812) and IPv6 (RFC 4443) have
 *     each of its own; empty for all other packets
 */
public record TracedPacket(
        IpAddress source,
        IpAddress destination,
        int protocol,
        int sourcePort,
        int destinationPort,
        int tcpFlags,
        OptionalInt unreachable) {
    private static final int IPV4_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int ICMP_DEST_UNREACH = 3;
    private static final int ICMPV6_DEST_UNREACH = 1;
    private static final int CODE = 1;
    private static final int PORTS_LENGTH = 4;
    private static final int FLAGS = 13;
    private static final int RST = 4;

    /** Empty for what is neither, or is cut too short. */
    static Optional<TracedPacket> of(byte[] network, byte[] transport) {
        int version = network.length == 0 ? 0 : (network[0] & 0xff) >> 4;
        if (version == 4 && network.length >= IPV4_LENGTH) {
            return Optional.of(of(network, 12, 4, network[9] & 0xff, transport));
        }
        if (version == 6 && network.length >= IPV6_LENGTH) {
            return Optional.of(of(network, 8, 16, network[6] & 0xff, transport));
        }
        return Optional.empty();
    }

    private static TracedPacket of(byte[] network, int source, int length, int protocol, byte[] transport) {
        boolean ports = (protocol == TCP || protocol == UDP) && transport.length >= PORTS_LENGTH;
        return new TracedPacket(
                IpAddress.of(Arrays.copyOfRange(network, source, source + length)),
                IpAddress.of(Arrays.copyOfRange(network, source + length, source + 2 * length)),
                protocol,
                ports ? u16(transport, 0) : 0,
                ports ? u16(transport, 2) : 0,
                protocol == TCP && transport.length > FLAGS ? transport[FLAGS] & 0xff : 0,
                unreachable(protocol, transport));
    }

    private static OptionalInt unreachable(int protocol, byte[] transport) {
        int type = transport.length > CODE ? transport[0] & 0xff : 0;
        boolean told =
                (protocol == ICMP && type == ICMP_DEST_UNREACH) || (protocol == ICMPV6 && type == ICMPV6_DEST_UNREACH);
        return told ? OptionalInt.of(transport[CODE] & 0xff) : OptionalInt.empty();
    }

    private static int u16(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << Byte.SIZE | (bytes[offset + 1] & 0xff);
    }

    /** Whether it is TCP's refusal. */
    public boolean isReset() {
        return (tcpFlags & RST) != 0;
    }
}
