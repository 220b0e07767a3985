package io.jnet.engine.firewall;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.nftables.CountedEntry;
import io.jnet.netlink.nftables.TableReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The counters of the maps of published ports. They count connections, since only the first packet of one is looked up. By a socket of its
 * own, so that nobody who changes the rules waits for a list. Thread-safe.
 */
public final class PublishedCounters implements AutoCloseable {
    private static final List<TableSet> MAPS = List.of(
            TableSet.PUBLISHED4,
            TableSet.PUBLISHED_RANGES4,
            TableSet.PUBLISHED_ADDRESS4,
            TableSet.PUBLISHED_ADDRESS_RANGES4);

    private final NetlinkSocket socket;
    private final TableReader reader;

    private PublishedCounters(NetlinkSocket socket) {
        this.socket = socket;
        reader = new TableReader(socket, Ruleset.TABLE.family(), Ruleset.TABLE.shortName());
    }

    /**
     * Opens the counters of the calling thread's network namespace.
     *
     * @throws io.jnet.netlink.libc.KernelException when the kernel refuses
     */
    public static PublishedCounters open() {
        return new PublishedCounters(NetlinkSocket.open(NetlinkProtocol.NETFILTER));
    }

    /**
     * The connections of each published port; none where there is no ruleset.
     *
     * @throws io.jnet.netlink.NetlinkException when the kernel refuses
     */
    public Map<Publication, Long> read() {
        Map<Publication, Long> connections = new HashMap<>();
        for (AddressFamily family : AddressFamily.values()) {
            for (TableSet map : MAPS) {
                for (CountedEntry counted : reader.counted(map.of(family).text())) {
                    connections.put(
                            RulesetContent.publication(map, List.of(counted.entry()), family), counted.packets());
                }
            }
        }
        return connections;
    }

    @Override
    public void close() {
        socket.close();
    }
}
