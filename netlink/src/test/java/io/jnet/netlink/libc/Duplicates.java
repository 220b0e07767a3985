package io.jnet.netlink.libc;

/** What another process would have that a socket is passed to. */
public final class Duplicates {
    private static final int F_DUPFD_CLOEXEC = 1030;

    private Duplicates() {}

    /** The same socket by another descriptor, the caller's to close. */
    public static KernelSocket of(KernelSocket socket) {
        return KernelSocket.of(descriptor(socket), socket.toString());
    }

    /** Another descriptor of the same socket, the caller's to close. */
    public static Descriptor descriptor(KernelSocket socket) {
        int number = Libc.check(
                "duplicate", socket.toString(), () -> Libc.functions().fcntl(socket.number(), F_DUPFD_CLOEXEC, 0));
        return new Descriptor(number, socket.toString());
    }
}
