package io.jnet.netlink.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * An IPv4 or IPv6 address. Parsing never asks a resolver; an IPv4-mapped IPv6 address stays IPv6 (unlike in {@link InetAddress}).
 */
public final class IpAddress implements Comparable<IpAddress> {
    private static final int LENGTH_4 = 4;
    private static final int LENGTH_6 = 16;

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes in network order
     * @throws IllegalArgumentException when there are not 4 or 16
     */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length != LENGTH_4 && bytes.length != LENGTH_6) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
        }
        return new IpAddress(bytes.clone());
    }

    /**
     * Parses dotted decimal with four parts, or the textual forms of RFC 4291 section 2.2, without zone.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static IpAddress parse(String text) {
        return new IpAddress(text.indexOf(':') >= 0 ? Ipv6Text.parse(text) : parse4(text));
    }

    /** The unspecified address of the family: {@code 0.0.0.0} or {@code ::}. */
    public static IpAddress any(AddressFamily family) {
        return new IpAddress(new byte[family.addressLength()]);
    }

    /** The bytes in network order, a fresh copy: 4 or 16. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The family that the number of bytes tells. */
    public AddressFamily family() {
        return bytes.length == LENGTH_4 ? AddressFamily.INET : AddressFamily.INET6;
    }

    /** Whether this is {@code 0.0.0.0} or {@code ::}. */
    public boolean isAny() {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    /** Whether this is in {@code 127.0.0.0/8}, or {@code ::1}. */
    public boolean isLoopback() {
        return toInetAddress().isLoopbackAddress();
    }

    /** Whether this is a multicast address. */
    public boolean isMulticast() {
        return toInetAddress().isMulticastAddress();
    }

    /** Whether this is in {@code fe80::/10} or {@code 169.254.0.0/16}. */
    public boolean isLinkLocal() {
        return toInetAddress().isLinkLocalAddress();
    }

    /** The same address for {@code java.net}; an IPv4-mapped one becomes IPv4 there. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Orders IPv4 before IPv6, then by unsigned bytes. */
    @Override
    public int compareTo(IpAddress other) {
        int byFamily = Integer.compare(bytes.length, other.bytes.length);
        return byFamily != 0 ? byFamily : Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Dotted decimal, or the canonical text of RFC 5952. */
    @Override
    public String toString() {
        if (bytes.length == LENGTH_6) {
            return Ipv6Text.format(bytes);
        }
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    private static byte[] parse4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != LENGTH_4) {
            throw invalid(text);
        }
        byte[] bytes = new byte[LENGTH_4];
        for (int i = 0; i < LENGTH_4; i++) {
            bytes[i] = (byte) decimal(parts[i], text);
        }
        return bytes;
    }

    private static int decimal(String part, String text) {
        int value = part.isEmpty() ? -1 : 0;
        for (int i = 0; i < part.length(); i++) {
            // No leading zeros: some parsers read them as octal, and two readings of one address are a hole in a
            // filter.
            boolean follows = i == 0 || value > 0;
            char digit = part.charAt(i);
            value = follows && digit >= '0' && digit <= '9' ? value * 10 + digit - '0' : -1;
            if (value < 0 || value > 255) {
                throw invalid(text);
            }
        }
        if (value < 0) {
            throw invalid(text);
        }
        return value;
    }

    static IllegalArgumentException invalid(String text) {
        String shown = text.length() > 50 ? text.substring(0, 50) + "..." : text;
        return new IllegalArgumentException(
                "invalid IP address \"" + shown.replaceAll("[^\\x20-\\x7e]|\"", "?") + "\"");
    }
}
