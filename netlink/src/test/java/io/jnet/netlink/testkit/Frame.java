package io.jnet.netlink.testkit;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.MacAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** An Ethernet frame made by hand, as somebody with CAP_NET_RAW can send it: nothing in it has to be true. Immutable. */
public final class Frame {
    /** EtherType of an experiment (IEEE 802a): no protocol. */
    public static final int EXPERIMENTAL = 0x88b5;

    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int VLAN = 0x8100;
    private static final int LEAST_PAYLOAD = 46;

    private final byte[] header;
    private final int type;
    private final byte[] payload;

    /**
     * @param header destination, source and any VLAN tags
     * @param type the EtherType of what follows
     */
    private Frame(byte[] header, int type, byte[] payload) {
        this.header = header;
        this.type = type;
        this.payload = payload;
    }

    /** An empty frame between two MAC addresses. */
    public static Frame between(String source, String destination) {
        return new Frame(concatenated(mac(destination), mac(source)), EXPERIMENTAL, new byte[LEAST_PAYLOAD]);
    }

    /** The same frame with a VLAN tag behind those that it has. */
    public Frame tagged(int vlan) {
        byte[] tag = ByteBuffer.allocate(4)
                .putShort((short) VLAN)
                .putShort((short) vlan)
                .array();
        return new Frame(concatenated(header, tag), type, payload);
    }

    /** With an ARP message (RFC 826). */
    public Frame arp(int operation, String senderMac, String sender, String targetMac, String target) {
        ByteBuffer head = ByteBuffer.allocate(8);
        head.putShort((short) 1)
                .putShort((short) IPV4)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) operation);
        byte[] message = concatenated(head.array(), mac(senderMac), address(sender), mac(targetMac), address(target));
        return new Frame(header, ARP, concatenated(message, new byte[18]));
    }

    /** With a UDP datagram. */
    public Frame udp(String source, int sourcePort, String destination, int destinationPort, byte[] data) {
        int length = 8 + data.length;
        ByteBuffer datagram = ByteBuffer.allocate(length);
        datagram.putShort((short) sourcePort).putShort((short) destinationPort).putShort((short) length);
        datagram.putShort((short) 0).put(data);
        return withChecksum(source, destination, 17, 255, datagram.array(), 6);
    }

    /** With an ICMP message: what follows the checksum is given. */
    public Frame icmp(String source, String destination, int type, int code, byte[] rest) {
        byte[] message = concatenated(new byte[] {(byte) type, (byte) code, 0, 0}, rest);
        ByteBuffer.wrap(message).putShort(2, (short) checksum(message));
        return packet(source, destination, 1, 64, message);
    }

    /** With an ICMPv6 message: what follows the checksum is given. */
    public Frame icmpv6(String source, String destination, int type, byte[] rest) {
        byte[] message = concatenated(new byte[] {(byte) type, 0, 0, 0}, rest);
        return withChecksum(source, destination, 58, 255, message, 2);
    }

    /** With a router advertisement (RFC 4861) that offers a default route for half an hour. */
    public Frame routerAdvertisement(String source, String destination) {
        byte[] rest = ByteBuffer.allocate(12)
                .put((byte) 64)
                .put((byte) 0)
                .putShort((short) 1800)
                .array();
        return icmpv6(source, destination, 134, rest);
    }

    /** With a neighbour advertisement: override flag, target, and the target's MAC address as an option. */
    public Frame neighbourAdvertisement(String source, String destination, String target, String targetMac) {
        byte[] option = concatenated(new byte[] {2, 1}, mac(targetMac));
        return icmpv6(source, destination, 136, concatenated(new byte[] {0x20, 0, 0, 0}, address(target), option));
    }

    /** With a neighbour solicitation, without options. */
    public Frame neighbourSolicitation(String source, String destination, String target) {
        return icmpv6(source, destination, 135, concatenated(new byte[4], address(target)));
    }

    /** The frame as it goes over the wire. */
    public byte[] bytes() {
        byte[] typeField = ByteBuffer.allocate(2).putShort((short) type).array();
        return concatenated(header, typeField, payload);
    }

    /** The frame in hexadecimal. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** What follows the header. */
    byte[] payload() {
        return payload;
    }

    private Frame withChecksum(
            String source, String destination, int protocol, int hopLimit, byte[] message, int position) {
        // The pseudo header of RFC 768 and RFC 8200 section 8.1; zeros more or less do not change the sum.
        byte[] pseudo = concatenated(
                address(source),
                address(destination),
                ByteBuffer.allocate(8).putInt(message.length).putInt(protocol).array());
        int sum = checksum(concatenated(pseudo, message));
        ByteBuffer.wrap(message).putShort(position, (short) (sum == 0 ? 0xffff : sum));
        return packet(source, destination, protocol, hopLimit, message);
    }

    private Frame packet(String source, String destination, int protocol, int hopLimit, byte[] message) {
        byte[] from = address(source);
        byte[] to = address(destination);
        if (from.length == 16) {
            ByteBuffer head = ByteBuffer.allocate(8).putInt(0x60000000).putShort((short) message.length);
            head.put((byte) protocol).put((byte) hopLimit);
            return new Frame(header, IPV6, concatenated(head.array(), from, to, message));
        }
        ByteBuffer head = ByteBuffer.allocate(12).put((byte) 0x45).put((byte) 0);
        head.putShort((short) (20 + message.length)).putInt(0);
        head.put((byte) hopLimit).put((byte) protocol).putShort((short) 0);
        byte[] whole = concatenated(head.array(), from, to);
        ByteBuffer.wrap(whole).putShort(10, (short) checksum(whole));
        return new Frame(header, IPV4, concatenated(whole, message));
    }

    /** RFC 1071. */
    private static int checksum(byte[] data) {
        long sum = 0;
        for (int i = 0; i < data.length; i += 2) {
            int low = i + 1 < data.length ? data[i + 1] & 0xff : 0;
            sum += (data[i] & 0xff) << 8 | low;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) ~sum & 0xffff;
    }

    private static byte[] mac(String text) {
        return MacAddress.parse(text).bytes();
    }

    private static byte[] address(String text) {
        return IpAddress.parse(text).bytes();
    }

    private static byte[] concatenated(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer whole = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            whole.put(part);
        }
        return whole.array();
    }
}
