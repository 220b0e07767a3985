package io.jnet.cni.attachment;

import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.nio.file.Path;
import java.util.Optional;

/** Attachments that people make. They call one namespace by more than one name: a process, a container, a file. */
final class HandMade {
    private final Engine engine;

    HandMade(Engine engine) {
        this.engine = engine;
    }

    /** Whether an id is that of a container that somebody attaches by hand. */
    static boolean isCalledSo(String containerId) {
        return containerId.startsWith(Attachments.BY_HAND);
    }

    /** Whether somebody has attached it by hand. */
    static boolean is(Endpoint endpoint) {
        return endpoint.spec().container().filter(HandMade::isCalledSo).isPresent();
    }

    /**
     * What a container was called when it was attached by the interface of a call; earlier versions made
     * that of what was typed.
     *
     * @param namespace the container's
     * @return empty where nothing is attached, or the path that it was attached by is not the namespace's any more
     */
    Optional<String> find(Network network, CniEnvironment environment, NetworkNamespace namespace) {
        Optional<MacAddress> mac = mac(namespace, environment.container());
        return engine.endpoints().stream()
                .filter(endpoint -> endpoint.spec().network().equals(network.id()) && is(endpoint))
                // A process's path may be another process's by now.
                .filter(endpoint -> mac.equals(Optional.of(endpoint.mac())))
                .filter(endpoint ->
                        endpoint.sandbox().filter(path -> isAt(path, namespace)).isPresent())
                .map(endpoint -> endpoint.spec().container().orElseThrow())
                .findFirst();
    }

    private static Optional<MacAddress> mac(NetworkNamespace namespace, InterfaceName name) {
        return namespace.get(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
                return Links.over(socket).find(name).flatMap(Link::mac);
            }
        });
    }

    private static boolean isAt(String path, NetworkNamespace namespace) {
        try (NetworkNamespace there = NetworkNamespace.open(Path.of(path))) {
            return there.identity().equals(namespace.identity());
        } catch (KernelException gone) {
            return false;
        }
    }
}
