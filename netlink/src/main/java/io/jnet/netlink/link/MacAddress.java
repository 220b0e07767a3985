package io.jnet.netlink.link;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A 48-bit Ethernet address. Immutable; printed as {@code 02:42:ac:11:00:02}. */
public final class MacAddress {
    /** Bytes of an address: {@code ETH_ALEN}. */
    public static final int LENGTH = 6;

    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
    private static final HexFormat FORMAT = HexFormat.ofDelimiter(":");

    private final byte[] bytes;

    private MacAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @throws IllegalArgumentException when there are not exactly 6 bytes
     */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
        }
        return new MacAddress(bytes.clone());
    }

    /**
     * Parses six colon-separated pairs of hex digits.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "invalid MAC address: want six pairs of hex digits like 02:42:ac:11:00:02");
        }
        return new MacAddress(FORMAT.parseHex(text));
    }

    /** The six bytes, a fresh copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether the group bit is set, so that no interface can own the address (IEEE 802, the first byte's lowest bit). */
    public boolean isMulticast() {
        return (bytes[0] & 1) != 0;
    }

    /** Whether all bytes are zero, which Linux refuses for an Ethernet link ({@code is_valid_ether_addr}). */
    public boolean isZero() {
        return Arrays.equals(bytes, new byte[LENGTH]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MacAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return FORMAT.formatHex(bytes);
    }
}
