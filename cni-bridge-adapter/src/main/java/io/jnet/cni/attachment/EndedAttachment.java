package io.jnet.cni.attachment;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
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
            if (link.isEmpty()) {
                return true;
            }
            return !hasOtherEnd(namespace, link.get())
                    && endpoint.sandbox()
                            .filter(path -> !path.isEmpty() && hasOtherEnd(Path.of(path), link.get()))
                            .isEmpty();
        } catch (KernelException refused) {
            throw CniException.kernel(refused);
        }
    }

    private static boolean hasOtherEnd(Path path, Link host) {
        Optional<NetworkNamespace> there = at(path);
        try {
            return there.filter(namespace -> hasOtherEnd(namespace, host)).isPresent();
        } finally {
            there.ifPresent(NetworkNamespace::close);
        }
    }

    private static Optional<NetworkNamespace> at(Path path) {
        try {
            return NetworkNamespace.of(Descriptor.open(path));
        } catch (KernelException gone) {
            return Optional.empty();
        }
    }

    /** Under whatever name: a container may have renamed it. Each end names the other's number. */
    private static boolean hasOtherEnd(NetworkNamespace namespace, Link host) {
        return namespace.get(() -> ask(links -> links.list().stream()
                .filter(link -> link.kind().orElse(null) instanceof LinkKind.Veth)
                .anyMatch(link -> link.peer().equals(OptionalInt.of(host.index()))
                        && host.peer().equals(OptionalInt.of(link.index())))));
    }

    private static <T> T ask(Function<Links, T> question) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            return question.apply(Links.over(socket));
        }
    }
}
