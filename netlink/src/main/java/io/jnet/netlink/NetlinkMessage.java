package io.jnet.netlink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A received message: header and payload. Immutable. */
public final class NetlinkMessage {
    static final int ALIGNMENT = 4;

    private final NetlinkHeader header;
    /** A whole datagram's bytes, of which those from {@code start} to {@code end} are the payload of this message. */
    private final byte[] data;

    private final int start;
    private final int end;

    NetlinkMessage(NetlinkHeader header, byte[] payload) {
        this(header, payload, 0, payload.length);
    }

    /** With a part of bytes that nobody changes. */
    NetlinkMessage(NetlinkHeader header, byte[] data, int start, int end) {
        this.header = header;
        this.data = data;
        this.start = start;
        this.end = end;
    }

    /**
     * Decodes all messages of a datagram.
     *
     * @throws NetlinkException when one is malformed
     */
    public static List<NetlinkMessage> decodeAll(byte[] datagram) {
        List<NetlinkMessage> messages = new ArrayList<>();
        NetlinkReader reader = NetlinkReader.of(datagram);
        while (reader.remaining() > 0) {
            messages.add(decode(reader));
        }
        reader.finish("netlink message");
        return messages;
    }

    /** The header, without the length. */
    public NetlinkHeader header() {
        return header;
    }

    /** The message type. */
    public int type() {
        return header.type();
    }

    /** A reader of the payload: the family's struct, then attributes. */
    public NetlinkReader reader() {
        return NetlinkReader.of(data, start, end);
    }

    /** The payload, a copy. */
    public byte[] payload() {
        return Arrays.copyOfRange(data, start, end);
    }

    /** Whether all these flags are set. */
    public boolean hasFlags(int flags) {
        return (header.flags() & flags) == flags;
    }

    @Override
    public String toString() {
        return header + " " + HexFormat.of().formatHex(data, start, end);
    }

    private static NetlinkMessage decode(NetlinkReader reader) {
        long length = reader.u32();
        NetlinkHeader header = new NetlinkHeader(reader.u16(), reader.u16(), reader.s32(), reader.s32());
        if (length < NetlinkHeader.LENGTH || length - NetlinkHeader.LENGTH > reader.remaining()) {
            reader.fail("message of length " + length);
        }
        NetlinkMessage message = reader.message(header, (int) (length - NetlinkHeader.LENGTH));
        reader.align(ALIGNMENT);
        return message;
    }
}
