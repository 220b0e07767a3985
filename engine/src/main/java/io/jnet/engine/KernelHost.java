package io.jnet.engine;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.ForwardCoexistence;
import io.jnet.engine.firewall.KernelHostFilters;
import io.jnet.engine.firewall.NftFirewall;
import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.engine.flow.KernelFlows;
import io.jnet.engine.host.HostClaim;
import io.jnet.engine.host.HostIdentity;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.host.KernelLivingNamespaces;
import io.jnet.engine.host.MountedSandboxes;
import io.jnet.engine.host.NamespaceKey;
import io.jnet.engine.host.ProcHostSettings;
import io.jnet.engine.link.KernelAdoptedBridges;
import io.jnet.engine.link.KernelLinkLayer;
import io.jnet.engine.link.KernelMarkedLinks;
import io.jnet.engine.link.KernelOwnLinks;
import io.jnet.engine.link.KernelPortVlans;
import io.jnet.engine.link.KernelShaper;
import io.jnet.engine.link.OwnDeletions;
import io.jnet.engine.port.SocketHostPorts;
import io.jnet.engine.surroundings.HostConnection;
import io.jnet.engine.traffic.KernelCounters;
import io.jnet.engine.watch.KernelChanges;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.neighbour.Neighbours;
import io.jnet.netlink.route.Routes;
import java.util.ArrayDeque;
import java.util.Deque;

/** Connects an engine to the kernel: to the network namespace that the calling thread is in. */
final class KernelHost {
    private KernelHost() {}

    /**
     * Opens sockets and libraries. Changes nothing.
     *
     * @throws EngineException with {@code UNSUPPORTED} or {@code KERNEL}, and one line that names what is missing; with {@code CONFLICT}
     *     while another engine works in the namespace
     */
    static HostConnection connect(EngineSettings engineSettings) {
        HostIdentity.requireNetworkAdministration();
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            opened.push(HostClaim.take(engineSettings.residence()));
            String namespace = HostIdentity.boot() + " " + NamespaceKey.current();
            NftFirewall firewall = NftFirewall.open();
            opened.push(firewall);
            NetlinkSocket requests = NetlinkSocket.open(NetlinkProtocol.ROUTE);
            opened.push(requests);
            NetlinkSocket deletions = NetlinkSocket.open(NetlinkProtocol.ROUTE);
            opened.push(deletions);
            NetlinkSocket shaping = NetlinkSocket.open(NetlinkProtocol.ROUTE);
            opened.push(shaping);
            NetlinkSocket routing = NetlinkSocket.open(NetlinkProtocol.ROUTE);
            opened.push(routing);
            OwnDeletions own = new OwnDeletions();
            KernelChanges changes = KernelChanges.open(own);
            opened.push(changes);
            HostSettings settings =
                    new ProcHostSettings(engineSettings.residence().settings());
            Routes routes = Routes.over(requests);
            KernelFlows flows = KernelFlows.open(routes);
            opened.push(flows);
            KernelCounters counters = KernelCounters.open(settings);
            opened.push(counters);
            KernelLinkLayer links = new KernelLinkLayer(
                    Links.over(requests),
                    Addresses.over(requests),
                    routes,
                    Routes.over(routing),
                    Neighbours.over(requests),
                    settings,
                    Links.over(deletions),
                    own);
            SocketHostPorts ports = new SocketHostPorts();
            opened.push(ports);
            ForwardCoexistence admission = ForwardCoexistence.open();
            opened.push(admission);
            KernelHostFilters filters = KernelHostFilters.open();
            opened.push(filters);
            ZoneFirewall zones = engineSettings.zones().apply(changes::announce);
            opened.push(zones);
            return new HostConnection(
                    namespace,
                    links,
                    new KernelMarkedLinks(Links.over(requests), Neighbours.over(requests)),
                    new KernelOwnLinks(Links.over(requests), Addresses.over(requests), Neighbours.over(requests)),
                    new KernelShaper(shaping, own),
                    new KernelPortVlans(Links.over(requests)),
                    new KernelAdoptedBridges(Links.over(requests), Addresses.over(requests), settings),
                    firewall,
                    firewall,
                    admission,
                    filters,
                    zones,
                    settings,
                    ports,
                    flows,
                    counters,
                    changes,
                    new MountedSandboxes(),
                    new KernelLivingNamespaces(),
                    System::nanoTime,
                    () -> closeAll(opened));
        } catch (KernelException e) {
            closeAll(opened);
            throw EngineException.kernel(e);
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new EngineException(ErrorCode.INTERNAL, "cannot release a kernel resource: " + e.getMessage(), e);
            }
        }
    }
}
