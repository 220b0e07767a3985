package io.jnet.netlink.nftables;

import io.jnet.netlink.namespace.NetworkNamespace;
import jnr.ffi.Pointer;

/**
 * A context of libnftables, in this process: what {@code nft -f} does, without a process. Thread-safe through one lock, because a context
 * is not (libnftables(3)). Nothing is written to standard output or standard error.
 */
public final class Nftables implements AutoCloseable {
    private static final int MAX_ERROR_LENGTH = 500;
    /**
     * What an error begins with that is about talking to the kernel, and not about the commands (src/erec.c, erec_print_list). The answer
     * that was not read may still be in the library's socket, and it ends the process where it comes upon one that is not for it
     * (src/netlink.c, netlink_abi_error).
     */
    private static final String OF_SOCKET = "netlink: Error";

    private final Object lock = new Object();
    private final LibNftables.Functions library;
    private final NetworkNamespace namespace;
    /** Null: the last one could not be replaced yet. */
    private Pointer context;

    private boolean closed;

    private Nftables(LibNftables.Functions library, NetworkNamespace namespace) {
        this.library = library;
        this.namespace = namespace;
        this.context = newContext(library);
    }

    /**
     * Opens a context for the network namespace of the calling thread; it can be used from any thread.
     *
     * @throws NftablesException when libnftables is not installed or gives no context
     */
    public static Nftables open() {
        LibNftables.Functions library = LibNftables.functions();
        NetworkNamespace namespace = NetworkNamespace.current();
        try {
            return new Nftables(library, namespace);
        } catch (RuntimeException failure) {
            namespace.close();
            throw failure;
        }
    }

    private static Pointer newContext(LibNftables.Functions library) {
        Pointer context = library.nft_ctx_new(LibNftables.NFT_CTX_DEFAULT);
        if (context == null) {
            throw new NftablesException("open libnftables", "no context: out of memory");
        }
        if (library.nft_ctx_buffer_output(context) != 0 || library.nft_ctx_buffer_error(context) != 0) {
            library.nft_ctx_free(context);
            throw new NftablesException("open libnftables", "no output buffer: out of memory");
        }
        return context;
    }

    /**
     * Runs commands in ONE transaction: all of them take effect at the same moment, or none does.
     *
     * @param operation what the commands are for, lower case, for errors: {@code install table inet jnet}
     * @param commands in the syntax of nft(8), on any number of lines
     * @throws NftablesException when they are refused
     */
    public void run(String operation, String commands) {
        execute(operation, commands, 0);
    }

    /**
     * Has the kernel check commands as {@link #run} would run them, and drop them.
     *
     * @throws NftablesException when they would be refused
     */
    public void check(String operation, String commands) {
        synchronized (lock) {
            requireOpen();
            library.nft_ctx_set_dry_run(context, true);
            try {
                execute(operation, commands, 0);
            } finally {
                // Of whichever context there is now.
                if (context != null) {
                    library.nft_ctx_set_dry_run(context, false);
                }
            }
        }
    }

    /**
     * Runs commands that list something, and answers what they print.
     *
     * @param operation what the commands are for, lower case, for errors
     * @throws NftablesException when they are refused, as for a table that is not there
     */
    public String query(String operation, String commands, OutputOption... options) {
        int flags = 0;
        for (OutputOption option : options) {
            flags |= option.flag();
        }
        return execute(operation, commands, flags);
    }

    /** Releases the context after the call that is under way, if any. */
    @Override
    public void close() {
        synchronized (lock) {
            if (!closed) {
                closed = true;
                if (context != null) {
                    library.nft_ctx_free(context);
                }
                namespace.close();
            }
        }
    }

    private String execute(String operation, String commands, int outputFlags) {
        if (commands.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("nft commands hold a zero character");
        }
        synchronized (lock) {
            requireOpen();
            library.nft_ctx_output_set_flags(context, outputFlags);
            int result = library.nft_run_cmd_from_buffer(context, commands);
            // Both buffers are rewound by reading them; what an earlier command left must not reach the next one's
            // answer.
            String output = text(library.nft_ctx_get_output_buffer(context));
            String error = text(library.nft_ctx_get_error_buffer(context));
            if (result != 0) {
                NftablesException refusal = new NftablesException(
                        operation, oneLine(error, commands.strip().indexOf('\n') < 0));
                if (error.contains(OF_SOCKET)) {
                    renewContext(refusal);
                }
                throw refusal;
            }
            return output;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("libnftables context is closed");
        }
        if (context == null) {
            renewContext();
        }
    }

    private void renewContext(NftablesException cause) {
        try {
            renewContext();
        } catch (NftablesException failure) {
            cause.addSuppressed(failure);
        }
    }

    /**
     * The old one goes first: its socket leaves its descriptor to the new one's. The library waits with select(2), which ends the process
     * where a descriptor is 1024 or more, and a daemon that serves many ports has none below that to spare.
     */
    private void renewContext() {
        if (context != null) {
            library.nft_ctx_free(context);
            context = null;
        }
        try {
            context = namespace.get(() -> newContext(library));
        } catch (NftablesException failure) {
            throw failure;
        } catch (RuntimeException failure) {
            throw new NftablesException("open libnftables", String.valueOf(failure.getMessage()));
        }
    }

    private static String text(String buffer) {
        return buffer == null ? "" : buffer;
    }

    /**
     * libnftables says what is wrong, shows a line of the commands and marks the place under it. In a buffer that line is always the first
     * one (src/erec.c, erec_print), so it helps only when there is no other.
     */
    private static String oneLine(String error, boolean singleCommand) {
        String line = error.lines()
                .filter(part -> !part.isBlank() && !part.strip().matches("\\^[\\^~ ]*"))
                .map(part -> part.strip().replaceAll("\\s+", " "))
                .limit(singleCommand ? 2 : 1)
                .reduce((first, second) -> first + ": " + second)
                .orElse("libnftables gave no reason");
        return line.length() > MAX_ERROR_LENGTH ? line.substring(0, MAX_ERROR_LENGTH) + "..." : line;
    }
}
