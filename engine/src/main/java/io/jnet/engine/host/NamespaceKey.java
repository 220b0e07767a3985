package io.jnet.engine.host;

import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.namespace.NetworkNamespaceCookie;
import java.util.OptionalLong;

/** What tells a network namespace from the others of a boot. */
public final class NamespaceKey {
    private NamespaceKey() {}

    /**
     * That of the calling thread's: another one for each network namespace of a boot; kernels before 5.14 may use one again after its
     * namespace is gone.
     */
    public static String current() {
        OptionalLong cookie = NetworkNamespaceCookie.current();
        if (cookie.isPresent()) {
            return "cookie " + cookie.getAsLong();
        }
        try (NetworkNamespace current = NetworkNamespace.current()) {
            return "inode " + current.identity();
        }
    }
}
