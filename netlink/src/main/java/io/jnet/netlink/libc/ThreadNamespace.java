package io.jnet.netlink.libc;

/**
 * Changes the network namespace of the CALLING THREAD only (setns(2), unshare(2)). A thread that used this must end afterwards, never go
 * back to a pool: nothing else in Java expects its threads to differ.
 */
public final class ThreadNamespace {
    static final int CLONE_NEWNET = 0x40000000;

    private ThreadNamespace() {}

    /** Enters the network namespace that the descriptor names. */
    public static void enterNetwork(Descriptor namespace) {
        Libc.check("enter network namespace", namespace.toString(), () -> Libc.functions()
                .setns(namespace.number(), CLONE_NEWNET));
    }

    /** Puts the calling thread into a fresh network namespace, whose only link is {@code lo}, down. */
    public static void unshareNetwork() {
        Libc.check("create", "network namespace", () -> Libc.functions().unshare(CLONE_NEWNET));
    }
}
