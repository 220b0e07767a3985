package io.jnet.daemon.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/** Who may use a socket, told by the kernel's own word on the process that connected (SO_PEERCRED, unix(7)). */
public final class PeerPolicy {
    private final UserPrincipal allowed;

    private PeerPolicy(UserPrincipal allowed) {
        this.allowed = allowed;
    }

    /** Only processes of user id 0. */
    public static PeerPolicy root() {
        return of(0);
    }

    /** Only processes of one user id. */
    public static PeerPolicy of(int userId) {
        try {
            // Looked up by number, because a host may call user 0 by any name, or by none.
            return new PeerPolicy(FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(Integer.toString(userId)));
        } catch (IOException impossible) {
            throw new UncheckedIOException("no user id " + userId, impossible);
        }
    }

    /** Whether the other end of the channel may use the socket; what cannot be told is refused. */
    boolean allows(SocketChannel channel) {
        try {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(allowed);
        } catch (IOException gone) {
            return false;
        }
    }
}
