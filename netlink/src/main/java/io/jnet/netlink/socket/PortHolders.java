package io.jnet.netlink.socket;

import io.jnet.netlink.address.IpAddress;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the process behind a port, for error messages: slow, as it looks at all descriptors of all processes. */
public final class PortHolders {
    private static final Path PROC = Path.of("/proc");

    private PortHolders() {}

    /**
     * A process that has a socket on this port of this address, or of all addresses; a listening one first. Empty when none is found: a
     * TCP socket that is bound and does not listen is in no table of the kernel, and other users' processes are not shown to everyone.
     */
    public static Optional<PortHolder> find(TransportProtocol protocol, IpAddress address, int port) {
        Comparator<SocketTable.Entry> listeningFirst =
                Comparator.comparing(entry -> entry.state() == SocketTable.Entry.LISTEN ? 0 : 1);
        return SocketTable.holders(protocol, address, port).stream()
                .filter(entry -> entry.inode() != 0)
                .sorted(listeningFirst)
                .flatMap(entry -> owner("socket:[" + entry.inode() + "]").stream())
                .findFirst();
    }

    private static Optional<PortHolder> owner(String socket) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), socket)) {
                    return Optional.of(
                            new PortHolder(Long.parseLong(process.getFileName().toString()), command(process)));
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path descriptors, String socket) {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (socket.equals(target(link))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException endedOrForbidden) {
            return false;
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static String command(Path process) {
        try {
            return Files.readString(process.resolve("comm"))
                    .strip()
                    .chars()
                    .mapToObj(character -> character < ' ' || character > '~' ? "?" : Character.toString(character))
                    .collect(Collectors.joining());
        } catch (IOException endedMeanwhile) {
            return "?";
        }
    }
}
