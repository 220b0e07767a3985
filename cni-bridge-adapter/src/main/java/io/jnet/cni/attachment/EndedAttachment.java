package io.jnet.cni.attachment;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Attachments whose container has ended, as the kernel has it: a moment passes until the engine has heard of it. */
final class EndedAttachment {
    private EndedAttachment() {}

    /**
     * Whether an attachment is without its link on the host, which goes with the container's namespace, or the other end of that is neither in the
     * namespace that the container has now nor in one that is still where the container's was.
     *
     * @param namespace the one that the container has now
     * @throws CniException when the kernel refuses to say
     */
    static boolean is(Endpoint endpoint, NetworkNamespace namespace) {
        try {
            Optional<Link> link = ask(links -> links.find(endpoint.hostLink()));
            if (link.isEmpty() || endpoint.isOnForeignLink()) {
                return link.isEmpty();
            }
            int index = link.get().index();
            return !hasOtherEnd(namespace, index)
                    && endpoint.sandbox()
                            .filter(path -> !path.isEmpty() && hasOtherEnd(Path.of(path), index))
                            .isEmpty();
        } catch (KernelException refused) {
            throw CniException.kernel(refused);
        }
    }

    private static boolean hasOtherEnd(Path path, int index) {
        if (!NetworkNamespace.isAt(path)) {
            return false;
        }
        try (NetworkNamespace namespace = NetworkNamespace.open(path)) {
            return hasOtherEnd(namespace, index);
        }
    }

    /** Under whatever name: a container may have renamed it. */
    private static boolean hasOtherEnd(NetworkNamespace namespace, int index) {
        return namespace.get(() ->
                ask(links -> links.list().stream().anyMatch(link -> link.peer().equals(OptionalInt.of(index)))));
    }

    private static <T> T ask(Function<Links, T> question) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            return question.apply(Links.over(socket));
        }
    }
}
