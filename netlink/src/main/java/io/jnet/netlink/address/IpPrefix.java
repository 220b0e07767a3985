package io.jnet.netlink.address;

/**
 * An address with a prefix length, as in {@code ip address}: {@code 10.77.0.1/24}. The host bits are kept; {@link #network()} clears
 * them.
 *
 * @param address any address of the prefix
 * @param length bits of the prefix, 0 to 32 or 0 to 128
 */
public record IpPrefix(IpAddress address, int length) {

    /**
     * @throws IllegalArgumentException when the length does not fit the address family
     */
    public IpPrefix {
        if (length < 0 || length > address.family().addressBits()) {
            throw new IllegalArgumentException("invalid prefix length " + length + " for " + address);
        }
    }

    /**
     * Parses {@code ADDRESS/LENGTH}.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("invalid prefix: want ADDRESS/LENGTH like 10.77.0.0/24, not \""
                    + text.substring(0, Math.min(text.length(), 50)).replaceAll("[^\\x20-\\x7e]|\"", "?") + "\"");
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    /** The address family of the prefix. */
    public AddressFamily family() {
        return address.family();
    }

    /** The same prefix with all host bits zero. */
    public IpPrefix network() {
        byte[] bytes = address.bytes();
        for (int bit = length; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return new IpPrefix(IpAddress.of(bytes), length);
    }

    /** The last address of the prefix: all host bits one. For IPv4 prefixes of up to 30 bits this is the broadcast address. */
    public IpAddress last() {
        byte[] bytes = address.bytes();
        for (int bit = length; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return IpAddress.of(bytes);
    }

    /** Whether {@code other} is of the same family and inside. */
    public boolean contains(IpAddress other) {
        return other.family() == family()
                && new IpPrefix(other, length).network().equals(network());
    }

    /** Whether any address is in both. */
    public boolean overlaps(IpPrefix other) {
        return length <= other.length ? contains(other.address) : other.contains(address);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
