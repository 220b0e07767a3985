package io.jnet.cni.attachment;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;

/** Attachments whose container has ended, as the kernel has it: a moment passes until the engine has heard of it. */
final class EndedAttachment {
    private EndedAttachment() {}

    /**
     * Whether an attachment is without its link on the host, which goes with the container's namespace, or the namespace that is there now is without
     * the interface.
     *
     * @param namespace the one that the container has now
     * @param name the interface's in there
     */
    static boolean is(Endpoint endpoint, NetworkNamespace namespace, InterfaceName name) {
        return !isThere(endpoint.hostLink()) || !namespace.get(() -> isThere(name));
    }

    private static boolean isThere(InterfaceName name) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            return Links.over(socket).find(name).isPresent();
        }
    }
}
