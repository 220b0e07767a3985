package io.jnet.cni.attachment;

import io.jnet.cni.protocol.CniException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import java.util.Optional;
import java.util.function.Function;

/** Looks for one link in the network namespace of the calling thread. */
final class LinkSearch {
    private LinkSearch() {}

    /** @throws CniException when the kernel refuses */
    static Optional<Link> find(Function<Links, Optional<Link>> search) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            return search.apply(Links.over(socket));
        } catch (KernelException refused) {
            throw CniException.kernel(refused);
        }
    }
}
