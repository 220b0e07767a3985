package io.jnet.netlink.libc;

/** What one {@code recvfrom} answered. */
public final class Datagram {
    private final byte[] data;
    private final byte[] sender;

    Datagram(byte[] data, byte[] sender) {
        this.data = data;
        this.sender = sender;
    }

    /** The received bytes, not shared with anyone else. */
    public byte[] data() {
        return data;
    }

    /** The sender's {@code sockaddr}, as the kernel wrote it. */
    public byte[] sender() {
        return sender;
    }
}
