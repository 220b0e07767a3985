package io.jnet.netlink.nftables;

/** How {@link Nftables#query} writes, as the options of {@code nft} do. */
public enum OutputOption {
    /** JSON as libnftables-json(5) describes it; {@code nft -j}. */
    JSON(LibNftables.NFT_CTX_OUTPUT_JSON),
    /** Without the elements of sets and maps; {@code nft -t}. */
    TERSE(LibNftables.NFT_CTX_OUTPUT_TERSE),
    /** Without the values of counters; {@code nft -s}. */
    STATELESS(LibNftables.NFT_CTX_OUTPUT_STATELESS),
    /** With the handles of rules, as comments; {@code nft -a}. */
    HANDLE(LibNftables.NFT_CTX_OUTPUT_HANDLE);

    private final int flag;

    OutputOption(int flag) {
        this.flag = flag;
    }

    int flag() {
        return flag;
    }
}
