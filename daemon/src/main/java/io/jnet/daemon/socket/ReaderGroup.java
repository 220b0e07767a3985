package io.jnet.daemon.socket;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.util.Arrays;
import java.util.List;
import jdk.net.UnixDomainPrincipal;

/**
 * A group of the host whose members may ask, and change nothing. The socket's mode is what lets them connect; whether they are members is
 * looked up again at each connection, in {@code /etc/group} (group(5)), should somebody have opened the files to all.
 */
public final class ReaderGroup {
    private static final Path GROUPS = Path.of("/etc/group");
    private static final int FIELDS = 4;

    private final GroupPrincipal principal;
    private final String name;

    private ReaderGroup(GroupPrincipal principal, String name) {
        this.principal = principal;
        this.name = name;
    }

    /**
     * Looks a group up.
     *
     * @param name its name or number
     * @throws SocketUnavailableException when this host has none of that name
     */
    public static ReaderGroup named(String name) {
        try {
            return new ReaderGroup(
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name), name);
        } catch (IOException unknown) {
            throw new SocketUnavailableException(
                    "no group \"" + name + "\" on this host: make it, or name another one", unknown);
        }
    }

    /** For the mode of files. */
    GroupPrincipal principal() {
        return principal;
    }

    /** Whether a process is of the group, by its own group or as its user. */
    boolean has(UnixDomainPrincipal peer) {
        return peer.group().equals(principal) || isMember(peer.user().getName());
    }

    private boolean isMember(String user) {
        try {
            return Files.readAllLines(GROUPS).stream()
                    .map(line -> List.of(line.split(":", -1)))
                    .filter(fields -> fields.size() == FIELDS)
                    .filter(fields ->
                            fields.get(0).equals(name) || fields.get(2).equals(name))
                    .flatMap(fields -> Arrays.stream(fields.get(3).split(",")))
                    .anyMatch(user::equals);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
