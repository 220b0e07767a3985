package io.jnet.daemon.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Who may use a socket, told by the kernel's own word on the process that connected (SO_PEERCRED, unix(7)). */
public final class PeerPolicy {
    private final UserPrincipal allowed;
    private final Optional<ReaderGroup> readers;

    private PeerPolicy(UserPrincipal allowed, Optional<ReaderGroup> readers) {
        this.allowed = allowed;
        this.readers = readers;
    }

    /** Only processes of user id 0. */
    public static PeerPolicy root() {
        return of(0);
    }

    /** Only processes of one user id. */
    public static PeerPolicy of(int userId) {
        try {
            // Looked up by number, because a host may call user 0 by any name, or by none.
            return new PeerPolicy(
                    FileSystems.getDefault()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(Integer.toString(userId)),
                    Optional.empty());
        } catch (IOException impossible) {
            throw new UncheckedIOException("no user id " + userId, impossible);
        }
    }

    /** The same, and the members of a group may read. */
    public PeerPolicy withReaders(Optional<ReaderGroup> group) {
        return new PeerPolicy(allowed, group);
    }

    /** Whose the socket's file is to be beside its owner's. */
    public Optional<ReaderGroup> readers() {
        return readers;
    }

    /** What the other end of the channel may do; of whom that cannot be told, nothing. */
    public Access access(SocketChannel channel) {
        try {
            UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
            if (peer.user().equals(allowed)) {
                return Access.ALL;
            }
            return readers.filter(group -> group.has(peer)).isPresent() ? Access.READ : Access.NONE;
        } catch (IOException gone) {
            return Access.NONE;
        }
    }
}
