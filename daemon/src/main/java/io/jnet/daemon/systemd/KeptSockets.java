package io.jnet.daemon.systemd;

import io.jnet.dns.listen.SocketKeeper;
import io.jnet.netlink.libc.KernelSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The sockets at which names are answered, kept by the service manager while the daemon is started again (FileDescriptorStoreMax, systemd.service(5)). */
public final class KeptSockets implements SocketKeeper {
    /** Short, since all names together are one variable of the next process, which may have 128 KiB. */
    private static final String PREFIX = "names-";

    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,9})");

    private final ServiceManager manager;
    private final Map<Integer, List<KernelSocket>> left;

    /**
     * @param kept what the process before has left, by the bridge's index
     */
    KeptSockets(ServiceManager manager, Map<Integer, List<KernelSocket>> kept) {
        this.manager = manager;
        this.left = new ConcurrentHashMap<>(kept);
    }

    /** The bridge's index that a descriptor's name tells; empty: it is something else. */
    static Optional<Integer> link(String name) {
        return Optional.of(NAME.matcher(name))
                .filter(matcher -> matcher.matches())
                .map(matcher -> Integer.valueOf(matcher.group(1)));
    }

    @Override
    public boolean keeps() {
        return manager.isThere();
    }

    @Override
    public List<KernelSocket> take(int link) {
        return Optional.ofNullable(left.remove(link)).orElse(List.of());
    }

    @Override
    public void keep(int link, List<KernelSocket> sockets) {
        manager.keep(PREFIX + link, sockets);
    }

    @Override
    public void forget(int link) {
        manager.forget(PREFIX + link);
    }

    /** Lets go what nobody has taken: its network is no more. */
    public void forgetRest() {
        for (int link : List.copyOf(left.keySet())) {
            List<KernelSocket> sockets = take(link);
            if (!sockets.isEmpty()) {
                sockets.forEach(KernelSocket::close);
                forget(link);
            }
        }
    }
}
