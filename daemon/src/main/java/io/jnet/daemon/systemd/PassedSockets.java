package io.jnet.daemon.systemd;

import io.jnet.daemon.socket.SocketUnavailableException;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.libc.PassedSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sockets that a service manager has passed to this process: {@code LISTEN_PID}, {@code LISTEN_FDS} and {@code LISTEN_FDNAMES} of
 * sd_listen_fds(3). Those that it listens on are told apart by their paths, since one unit gives the same name to all of its sockets; those that
 * it was given to keep, by their names. Used by one thread.
 */
public final class PassedSockets {
    /** {@code SD_LISTEN_FDS_START}. */
    private static final int FIRST = 3;

    private static final int MOST = 65_536;

    private final Map<Path, PassedSocket> left = new LinkedHashMap<>();
    private final Map<Integer, List<KernelSocket>> kept = new HashMap<>();

    private PassedSockets() {}

    /**
     * Takes over what was passed to this process, if anything.
     *
     * @param environment the variables of the process
     * @param process its id: what was passed to another one, its ancestor, is left alone
     * @throws SocketUnavailableException when something else was passed than Unix-domain sockets that listen, and what has the name of a kept one
     */
    public static PassedSockets of(Map<String, String> environment, long process) {
        PassedSockets passed = new PassedSockets();
        if (Long.toString(process).equals(environment.get("LISTEN_PID"))) {
            String count = environment.getOrDefault("LISTEN_FDS", "");
            if (!count.matches("[0-9]{1,5}") || Integer.parseInt(count) > MOST) {
                throw new SocketUnavailableException("LISTEN_FDS is no number of sockets from 0 to " + MOST);
            }
            String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
            for (int i = 0; i < Integer.parseInt(count); i++) {
                passed.add(FIRST + i, i < names.length ? names[i] : "");
            }
        }
        return passed;
    }

    private void add(int descriptor, String name) {
        try {
            Optional<Integer> link = KeptSockets.link(name);
            if (link.isPresent()) {
                kept.computeIfAbsent(link.get(), any -> new ArrayList<>())
                        .add(KernelSocket.inheritedHigh(descriptor, "passed descriptor " + descriptor));
                return;
            }
            PassedSocket socket = PassedSocket.of(descriptor);
            if (left.put(socket.path(), socket) != null) {
                throw new SocketUnavailableException("two sockets at " + socket.path() + " were passed");
            }
        } catch (KernelException | IllegalArgumentException unusable) {
            String of = name.isEmpty() ? "" : " of " + name.replaceAll("[^\\x21-\\x7e]", "?");
            throw new SocketUnavailableException("cannot use a socket" + of + ": " + unusable.getMessage(), unusable);
        }
    }

    /** What the process before has handed to the manager, which goes on to keep it. */
    public KeptSockets kept(ServiceManager manager) {
        return new KeptSockets(manager, kept);
    }

    /** The socket at a path, once. */
    public Optional<PassedSocket> take(Path path) {
        return Optional.ofNullable(left.remove(path.toAbsolutePath().normalize()));
    }

    /**
     * Checks that all were taken: clients of one that nobody serves would wait for ever.
     *
     * @param served where the daemon's sockets are
     * @throws SocketUnavailableException when one is left
     */
    public void refuseOthers(List<Path> served) {
        if (!left.isEmpty()) {
            List<String> others = new ArrayList<>();
            left.keySet().forEach(path -> others.add(path.toString()));
            throw new SocketUnavailableException("a socket was passed at " + String.join(", ", others)
                    + ", where the daemon has none: its sockets are "
                    + served.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
    }
}
