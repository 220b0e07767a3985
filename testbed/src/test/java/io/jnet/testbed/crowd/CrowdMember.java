package io.jnet.testbed.crowd;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressAddition;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.ThreadNamespace;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.route.RouteAddition;
import io.jnet.netlink.route.Routes;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One network namespace with a server on port 80, IPv4 and IPv6, to which the end of a veth pair is moved as dockerd does.
 *
 * @param number from 0
 * @param namespace kept by this descriptor alone
 */
record CrowdMember(int number, NetworkNamespace namespace) implements AutoCloseable {
    static final String GATEWAY = "10.91.0.1";
    static final String GATEWAY_6 = "fd00:91::1";

    private static final int PORT = 80;
    private static final int FIRST = 2;

    static CrowdMember make(int number) {
        NetworkNamespace namespace = elsewhere(() -> {
            ThreadNamespace.unshareNetwork();
            return NetworkNamespace.current();
        });
        return new CrowdMember(number, namespace);
    }

    static String address(int number) {
        int host = number + FIRST;
        return "10.91.%d.%d".formatted(host >> 8, host & 0xff);
    }

    static String address6(int number) {
        return "fd00:91::%x".formatted(number + FIRST);
    }

    static String endpointId(int number) {
        return "%08x".formatted(number).repeat(8);
    }

    /** Takes the link into the namespace, configures it, and listens; the server's channel is registered with this member. */
    void moveIn(Links host, String peer, Selector selector) throws Exception {
        Link link = host.find(new InterfaceName(peer)).orElseThrow();
        host.moveTo(link.index(), namespace.descriptor());
        namespace.run(() -> {
            configure(link.index());
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(PORT));
            server.configureBlocking(false);
            return server.register(selector, SelectionKey.OP_ACCEPT, this);
        });
    }

    private void configure(int index) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            Links links = Links.over(socket);
            links.rename(index, new InterfaceName("eth0"));
            Addresses addresses = Addresses.over(socket);
            addresses.add(AddressAddition.of(index, IpPrefix.parse(address(number) + "/20")));
            addresses.add(AddressAddition.of(index, IpPrefix.parse(address6(number) + "/64")));
            links.setUp(index);
            Routes routes = Routes.over(socket);
            routes.add(RouteAddition.via(IpPrefix.parse("0.0.0.0/0"), index, IpAddress.parse(GATEWAY)));
            routes.add(RouteAddition.via(IpPrefix.parse("::/0"), index, IpAddress.parse(GATEWAY_6)));
        }
    }

    @Override
    public void close() {
        namespace.close();
    }

    private static <T> T elsewhere(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "new namespace");
        thread.start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
