package io.jnet.daemon.systemd;

import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.libc.UnixMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who has started the daemon and wants to know how it is: a datagram of lines to {@code NOTIFY_SOCKET} (sd_notify(3)). */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final Optional<String> socket;

    private ServiceManager(Optional<String> socket) {
        this.socket = socket;
    }

    /** The one that these variables name, or nobody. */
    public static ServiceManager of(Map<String, String> environment) {
        return new ServiceManager(
                Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(address -> !address.isEmpty()));
    }

    /** Tells that clients are answered from now on. */
    public void ready() {
        tell("READY=1\nSTATUS=answering");
    }

    /** Tells that the daemon was asked to stop, and does. */
    public void stopping() {
        tell("STOPPING=1\nSTATUS=stopping, containers stay connected");
    }

    /** Tells why the daemon ends. */
    public void failed(String reason) {
        tell("STATUS=" + reason.replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }

    /** Whether anybody wants to know. */
    boolean isThere() {
        return socket.isPresent();
    }

    /**
     * Hands sockets over for the next process of the service (FDSTORE, sd_pid_notify_with_fds(3)); where the unit has no room for them they are
     * dropped there.
     *
     * @param name under which they come back
     * @param sockets which stay open here too
     */
    void keep(String name, List<KernelSocket> sockets) {
        for (int from = 0; from < sockets.size(); from += UnixMessage.MOST_SOCKETS) {
            int to = Math.min(sockets.size(), from + UnixMessage.MOST_SOCKETS);
            tell("FDSTORE=1\nFDPOLL=0\nFDNAME=" + name, sockets.subList(from, to));
        }
    }

    /** Has what was handed over under a name closed there. */
    void forget(String name) {
        tell("FDSTOREREMOVE=1\nFDNAME=" + name);
    }

    private void tell(String lines) {
        tell(lines, List.of());
    }

    private void tell(String lines, List<KernelSocket> sockets) {
        socket.ifPresent(address -> {
            try {
                UnixMessage.send(address, lines, sockets);
            } catch (KernelException | IllegalArgumentException gone) {
                // Whoever waits for it says so.
                LOG.atWarn().log("the service manager is not told: {}", gone.getMessage());
            }
        });
    }
}
