package io.jnet.testbed.system;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * An SCTP packet with one INIT or INIT ACK chunk (RFC 9260 sections 3.1, 3.3.2 and 3.3.3), made and read by hand: not every kernel has SCTP
 * sockets.
 *
 * <pre>
 * source port (2), destination port (2), verification tag (4), CRC32c (4)
 * type (1), flags (1), length (2), initiate tag (4), window (4), outbound streams (2), inbound streams (2), first TSN (4)
 * </pre>
 *
 * @param sourcePort 1 to 65535
 * @param destinationPort 1 to 65535
 * @param verificationTag 0 in an INIT, its initiate tag in the answer
 * @param type {@link #INIT} or {@link #INIT_ACK}
 * @param initiateTag what the other side is to put into its packets
 */
record SctpPacket(int sourcePort, int destinationPort, int verificationTag, int type, int initiateTag) {
    static final int INIT = 1;
    static final int INIT_ACK = 2;
    /** Bytes of such a packet. */
    static final int LENGTH = 32;

    private static final int CHECKSUM = 8;
    private static final int CHUNK_LENGTH = 20;

    /** The bytes, with their checksum. */
    String hex() {
        return HexFormat.of().formatHex(withChecksum(unsummed()));
    }

    /** The bytes with a checksum of other bytes. */
    String hexWithWrongChecksum() {
        byte[] bytes = withChecksum(unsummed());
        bytes[CHECKSUM] ^= 1;
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Reads the bytes.
     *
     * @throws AssertionError when the checksum is not that of the bytes
     */
    static SctpPacket parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        byte[] summed = bytes.clone();
        ByteBuffer.wrap(summed).putInt(CHECKSUM, 0);
        if (!HexFormat.of().formatHex(withChecksum(summed)).equals(hex)) {
            throw new AssertionError("wrong CRC32c in " + hex);
        }
        return new SctpPacket(
                packet.getShort(0) & 0xffff,
                packet.getShort(2) & 0xffff,
                packet.getInt(4),
                packet.get(12),
                packet.getInt(16));
    }

    private byte[] unsummed() {
        return ByteBuffer.allocate(LENGTH)
                .putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putInt(verificationTag)
                .putInt(0)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) CHUNK_LENGTH)
                .putInt(initiateTag)
                .putInt(65_536)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(1)
                .array();
    }

    /** The checksum is the one field that is not in network order (RFC 9260 appendix A). */
    private static byte[] withChecksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(CHECKSUM, (int) checksum.getValue());
        return bytes;
    }
}
