package io.jnet.dns;

import io.jnet.dns.listen.Listeners;
import io.jnet.dns.listen.Listening;
import io.jnet.dns.listen.ReservedPorts;
import io.jnet.dns.listen.SocketKeeper;
import io.jnet.dns.query.Responder;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.resolve.Directory;
import io.jnet.engine.resolve.NameService;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens at the networks' bridges and has queries answered. Sockets are of the network namespace of the thread that calls. Thread-safe. */
public final class Dns implements NameService {
    private static final Logger LOG = LoggerFactory.getLogger(Dns.class);

    /** How long others may take to answer before the service ends: all that is asked meanwhile waits as long, and for the next one's start. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

    private final Responder responder;
    private final ToIntFunction<NetworkId> ports;
    private final Listeners listeners;
    private final Map<NetworkId, Station> stations = new ConcurrentSkipListMap<>();
    private boolean closed;

    /**
     * Names of a directory's networks, and others as the host's servers have them.
     *
     * @param resolvConf names those servers (resolv.conf(5)); followed
     */
    public static Dns open(Directory directory, Path resolvConf, SocketKeeper keeper) {
        return new Dns(new Resolver(directory, resolvConf), keeper, ReservedPorts::of);
    }

    /** Names that this one answers. Where it is {@link AutoCloseable} it is closed with the service. */
    public Dns(Responder responder) {
        this(responder, SocketKeeper.NONE, ReservedPorts::of);
    }

    /**
     * @param ports where it listens for a network, as far as that port is free
     */
    Dns(Responder responder, SocketKeeper keeper, ToIntFunction<NetworkId> ports) {
        this.responder = responder;
        this.ports = ports;
        this.listeners = new Listeners(responder, keeper);
    }

    /**
     * What has become of a network.
     *
     * @param index the bridge's
     * @param listening empty when nothing listens
     * @param note for a person
     */
    private record Station(int index, List<IpAddress> addresses, Optional<Listening> listening, Optional<String> note) {
        boolean serves(int bridge, List<IpAddress> wanted) {
            return listening.isPresent() && index == bridge && addresses.equals(wanted);
        }
    }

    @Override
    public synchronized void serve(Network network) {
        if (closed) {
            return;
        }
        List<IpAddress> addresses = network.nameServers();
        if (addresses.isEmpty()) {
            stop(network.id());
            return;
        }
        try {
            int index = index(network);
            Station present = stations.get(network.id());
            if (present == null || !present.serves(index, addresses)) {
                stop(network.id());
                stations.put(network.id(), listen(network, index, addresses));
            }
        } catch (KernelException refusal) {
            stop(network.id());
            String note = "names are not answered on network " + network.displayName() + ": " + refusal.getMessage();
            LOG.atWarn().addKeyValue("network", network.id()).log(note);
            stations.put(network.id(), new Station(0, addresses, Optional.empty(), Optional.of(note)));
        }
    }

    @Override
    public synchronized void stop(NetworkId network) {
        Station present = stations.remove(network);
        if (present != null) {
            present.listening().ifPresent(listening -> {
                listening.close();
                listeners.forget(present.index());
            });
        }
    }

    @Override
    public OptionalInt port(NetworkId network) {
        return Stream.ofNullable(stations.get(network))
                .flatMap(station -> station.listening().stream())
                .mapToInt(Listening::port)
                .findFirst();
    }

    @Override
    public List<String> notes() {
        return stations.values().stream()
                .flatMap(station -> station.note().stream())
                .toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        List<Listening> all = stations.values().stream()
                .flatMap(station -> station.listening().stream())
                .toList();
        // Who asks meanwhile where names are answered is told where they will be again.
        listeners.finish(all, LAST_ANSWERS);
        stations.clear();
        all.forEach(Listening::close);
        listeners.close();
        if (responder instanceof AutoCloseable closeable) {
            close(closeable);
        }
    }

    private static int index(Network network) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            return Links.over(socket)
                    .find(network.bridge())
                    .map(Link::index)
                    .orElseThrow(() ->
                            new KernelException("find bridge", network.bridge().value(), Errno.ENODEV));
        }
    }

    private Station listen(Network network, int index, List<IpAddress> addresses) {
        Listening listening =
                listeners.listen(network.id(), network.bridge(), index, addresses, ports.applyAsInt(network.id()));
        return new Station(index, addresses, Optional.of(listening), Optional.empty());
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception failure) {
            LOG.atWarn().setCause(failure).log("the resolver did not end in an orderly way");
        }
    }
}
