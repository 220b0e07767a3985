package io.jnet.netlink.libc;

/** How many files and sockets this process may have open (getrlimit(2), RLIMIT_NOFILE). */
public final class DescriptorLimit {
    private static final int RLIMIT_NOFILE = 7;

    private DescriptorLimit() {}

    /**
     * The limit that holds. Java raises it to the hard one when it starts (HotSpot's MaxFDLimit), so that only who started the process can
     * raise it further.
     */
    public static long current() {
        // struct rlimit { rlim_t rlim_cur; rlim_t rlim_max; }
        long[] limits = new long[2];
        Libc.check("read limit", "of open files", () -> Libc.functions().getrlimit(RLIMIT_NOFILE, limits));
        return limits[0];
    }
}
