package io.jnet.daemon.service;

import io.jnet.dns.Dns;
import io.jnet.dns.listen.SocketKeeper;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.resolve.Directory;
import io.jnet.engine.resolve.NameService;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** What answers names, from the first network on: without one, nothing of it is loaded, and no thread is there. */
final class NamesOnDemand implements NameService {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private final Directory directory;
    private final SocketKeeper keeper;
    private volatile NameService names = NameService.NONE;
    private boolean closed;

    NamesOnDemand(Directory directory, SocketKeeper keeper) {
        this.directory = directory;
        this.keeper = keeper;
    }

    @Override
    public synchronized void serve(Network network) {
        if (closed) {
            return;
        }
        if (names == NameService.NONE) {
            names = Dns.open(directory, RESOLV_CONF, keeper);
        }
        names.serve(network);
    }

    @Override
    public void stop(NetworkId network) {
        names.stop(network);
    }

    @Override
    public OptionalInt port(NetworkId network) {
        return names.port(network);
    }

    @Override
    public List<String> notes() {
        return names.notes();
    }

    @Override
    public synchronized void close() {
        closed = true;
        names.close();
    }
}
