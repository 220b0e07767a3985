package io.jnet.netlink.nftables;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An entry of a set or map as the kernel keeps it. A {@link SetElement} is one entry, or two for an interval of a single field.
 *
 * @param set the name of the set or map
 * @param key the key's bytes, the first ones of an interval
 * @param keyEnd the last key of an interval in a concatenation, also where that is the first one too: the kernel need not be told, but nft lists such an
 *     entry together with the next one, as an interval from here to there
 * @param data what a map leads to; empty for a set
 * @param intervalEnd whether this only marks the value after an interval (NFT_SET_ELEM_INTERVAL_END)
 */
public record SetEntry(
        String set, ByteBuffer key, Optional<ByteBuffer> keyEnd, Optional<ByteBuffer> data, boolean intervalEnd) {

    static SetEntry of(String set, byte[] key, Optional<byte[]> keyEnd, Optional<byte[]> data, boolean intervalEnd) {
        return new SetEntry(set, wrap(key), keyEnd.map(SetEntry::wrap), data.map(SetEntry::wrap), intervalEnd);
    }

    /** For errors: the bytes in hexadecimal. */
    @Override
    public String toString() {
        return set + " { 0x" + hex(key) + keyEnd.map(end -> "-0x" + hex(end)).orElse("")
                + data.map(value -> " : 0x" + hex(value)).orElse("") + (intervalEnd ? " end" : "") + " }";
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes.clone()).asReadOnlyBuffer();
    }

    private static String hex(ByteBuffer buffer) {
        return HexFormat.of().formatHex(bytes(buffer));
    }
}
