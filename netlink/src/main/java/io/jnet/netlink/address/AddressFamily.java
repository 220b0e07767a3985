package io.jnet.netlink.address;

/** The two address families that jnet handles, with the kernel's numbers (include/linux/socket.h). */
public enum AddressFamily {
    INET(2, 4),
    INET6(10, 16);

    private final int number;
    private final int addressLength;

    AddressFamily(int number, int addressLength) {
        this.number = number;
        this.addressLength = addressLength;
    }

    /** {@code AF_INET} or {@code AF_INET6}. */
    public int number() {
        return number;
    }

    /** Bytes of an address: 4 or 16. */
    public int addressLength() {
        return addressLength;
    }

    /** Bits of an address: 32 or 128. */
    public int addressBits() {
        return addressLength * Byte.SIZE;
    }
}
