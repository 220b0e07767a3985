package io.jnet.netlink.libc;

import java.util.Optional;

/** What the kernel says of descriptors of network namespaces, without entering any. */
public final class NamespaceDescriptor {
    /** {@code _IO(0xb7, 0x3)} (linux/nsfs.h). */
    private static final long NS_GET_NSTYPE = 0xb703;
    /** linux/sockios.h. */
    private static final long SIOCGSKNS = 0x894c;

    private NamespaceDescriptor() {}

    /** Whether a descriptor is a network namespace's: NS_GET_NSTYPE (ioctl_nsfs(2)). */
    public static boolean isNetwork(Descriptor descriptor) {
        return Libc.attempt(() -> Libc.functions().ioctl(descriptor.number(), NS_GET_NSTYPE))
                == ThreadNamespace.CLONE_NEWNET;
    }

    /**
     * The network namespace of a socket (SIOCGSKNS), the caller's to close; empty when the descriptor is no socket, or the caller may not administer
     * that namespace.
     */
    public static Optional<Descriptor> ofSocket(Descriptor socket) {
        long opened = Libc.attempt(() -> Libc.functions().ioctl(socket.number(), SIOCGSKNS));
        return opened < 0 ? Optional.empty() : Optional.of(new Descriptor((int) opened, "namespace of " + socket));
    }
}
