package io.jnet.netlink.nftables;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.types.u_int32_t;

/** The loaded libnftables. */
final class LibNftables {
    /** The ABI that libnftables has had since 0.9.0; Debian's package is named after it. */
    static final String SONAME = "libnftables.so.1";

    /** {@code NFT_CTX_DEFAULT} of nftables/libnftables.h: open the netlink socket at once. */
    static final int NFT_CTX_DEFAULT = 0;

    /** Without counters' values and other state. */
    static final int NFT_CTX_OUTPUT_STATELESS = 1 << 2;

    /** With the handle of each rule. */
    static final int NFT_CTX_OUTPUT_HANDLE = 1 << 3;

    static final int NFT_CTX_OUTPUT_JSON = 1 << 4;

    /** Without the elements of sets and maps. */
    static final int NFT_CTX_OUTPUT_TERSE = 1 << 11;

    private LibNftables() {}

    /**
     * The functions; the first call loads the library.
     *
     * @throws NftablesException when it is not installed
     */
    static Functions functions() {
        try {
            return Holder.FUNCTIONS;
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError missing) {
            throw new NftablesException(
                    "load libnftables",
                    SONAME + " cannot be loaded; on Debian and Ubuntu the package libnftables1 has it",
                    missing);
        }
    }

    /**
     * Every C signature of this package, as nftables/libnftables.h gives them. Public inside a package-private class, because jnr-ffi
     * implements it from a class loader of its own.
     */
    public interface Functions {
        Pointer nft_ctx_new(@u_int32_t int flags);

        void nft_ctx_free(Pointer context);

        int nft_ctx_buffer_output(Pointer context);

        int nft_ctx_buffer_error(Pointer context);

        String nft_ctx_get_output_buffer(Pointer context);

        String nft_ctx_get_error_buffer(Pointer context);

        void nft_ctx_set_dry_run(Pointer context, boolean dryRun);

        void nft_ctx_output_set_flags(Pointer context, int flags);

        int nft_run_cmd_from_buffer(Pointer context, String commands);
    }

    private static final class Holder {
        static final Functions FUNCTIONS =
                LibraryLoader.create(Functions.class).failImmediately().load(SONAME);
    }
}
