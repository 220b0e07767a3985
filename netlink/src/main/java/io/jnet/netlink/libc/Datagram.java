package io.jnet.netlink.libc;

/** What one {@code recvfrom} answered. */
public final class Datagram {
    private final byte[] data;
    private final byte[] sender;

    private final boolean cut;

    Datagram(byte[] data, byte[] sender, boolean cut) {
        this.data = data;
        this.sender = sender;
        this.cut = cut;
    }

    /** Whether its end is missing. */
    public boolean isCut() {
        return cut;
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
