package io.jnet.daemon.host;

/** Capabilities that jnet may need, by their numbers in include/uapi/linux/capability.h. */
public enum Capability {
    /** To change links, addresses, rules and settings of the network. */
    CAP_NET_ADMIN(12),
    /** To enter network namespaces (setns(2)). */
    CAP_SYS_ADMIN(21);

    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    /** Whether it is in a mask. */
    boolean isIn(long mask) {
        return (mask >>> bit & 1) == 1;
    }
}
