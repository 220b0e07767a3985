package io.jnet.netlink.nftables;

/** The family of a table: which packets its chains may see (nft(8), ADDRESS FAMILIES). */
public enum TableFamily {
    /** IPv4 and IPv6 packets: NFPROTO_INET. */
    INET(1, "inet"),
    /** Frames that pass a bridge, whatever they carry: NFPROTO_BRIDGE. */
    BRIDGE(7, "bridge");

    private final int number;
    private final String text;

    TableFamily(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** As nft(8) writes it. */
    public String text() {
        return text;
    }

    /** {@code NFPROTO_...} of include/uapi/linux/netfilter.h. */
    int number() {
        return number;
    }
}
