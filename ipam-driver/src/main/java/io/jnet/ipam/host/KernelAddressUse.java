package io.jnet.ipam.host;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Reasons;
import io.jnet.ipam.reclaim.AddressUse;
import io.jnet.ipam.reclaim.NamespaceUse;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.namespace.VisibleNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks into every network namespace that a process is in or that is mounted somewhere, as {@code lsns} finds them. Needs CAP_SYS_ADMIN and
 * the process ids of the host.
 */
public final class KernelAddressUse implements AddressUse {
    @Override
    public Map<String, NamespaceUse> namespaces() {
        Map<String, NamespaceUse> uses = new HashMap<>();
        try {
            VisibleNamespaces.files().forEach((name, files) -> look(files).ifPresent(use -> uses.put(name, use)));
        } catch (IOException e) {
            throw new EngineException(ErrorCode.KERNEL, "cannot list network namespaces: " + Reasons.of(e), e);
        }
        return uses;
    }

    /** Empty when the namespace has ended meanwhile. */
    private static Optional<NamespaceUse> look(List<Path> paths) {
        for (Path path : paths) {
            try (NetworkNamespace namespace = NetworkNamespace.open(path)) {
                return Optional.of(namespace.get(KernelAddressUse::use));
            } catch (KernelException e) {
                if (!e.errno().equals(Errno.ENOENT) && !e.errno().equals(Errno.ESRCH)) {
                    throw new EngineException(ErrorCode.KERNEL, "cannot look into " + path + ": " + e.getMessage(), e);
                }
            }
        }
        return Optional.empty();
    }

    private static NamespaceUse use() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            boolean connected = Links.over(socket).list().stream().anyMatch(link -> !link.isLoopback());
            return new NamespaceUse(
                    Addresses.over(socket).list().stream()
                            .map(LinkAddress::prefix)
                            .map(prefix -> prefix.address())
                            .collect(Collectors.toSet()),
                    connected);
        }
    }
}
