package io.jnet.dns.server;

import io.jnet.engine.name.NameServer;
import io.jnet.netlink.address.IpAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;

/** Servers that answer alike: one is as good as another, and what one said holds for all. The first is asked first. */
public final class ServerSet {
    private final List<InetSocketAddress> servers;
    private final int hash;

    public ServerSet(List<InetSocketAddress> servers) {
        this.servers = servers.stream().distinct().toList();
        this.hash = this.servers.hashCode();
    }

    /** The set of servers that somebody named. */
    public static ServerSet of(List<NameServer> servers) {
        return new ServerSet(servers.stream()
                .map(server -> new InetSocketAddress(server.address().toInetAddress(), server.port()))
                .toList());
    }

    /** Where they are. */
    public List<InetSocketAddress> servers() {
        return servers;
    }

    /** The set without the servers at the port of name servers of such addresses. */
    public ServerSet without(Predicate<IpAddress> own) {
        return new ServerSet(servers.stream()
                .filter(server -> server.getPort() != NameServer.PORT
                        || !own.test(IpAddress.of(server.getAddress().getAddress())))
                .toList());
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof ServerSet that && hash == that.hash && servers.equals(that.servers));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return servers.toString();
    }
}
