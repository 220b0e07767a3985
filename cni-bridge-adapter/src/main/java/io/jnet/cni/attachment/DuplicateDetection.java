package io.jnet.cni.attachment;

import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of duplicate address detection (RFC 4862, section 5.4), which the kernel begins when the interface is up. It takes up to a second until
 * it asks, and one more until it has waited for an answer ({@code addrconf_dad_kick}).
 */
final class DuplicateDetection {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private DuplicateDetection() {}

    /**
     * Waits until a container's addresses can be used.
     *
     * @param addresses those of IPv4 are of no account
     * @throws CniException with {@link CniCode#CONFLICT} when somebody else has one, {@link CniCode#TRY_AGAIN} when it is not known in time
     */
    static void await(CniEnvironment environment, NetworkNamespace namespace, List<IpPrefix> addresses) {
        if (addresses.stream().noneMatch(address -> address.family() == AddressFamily.INET6)) {
            return;
        }
        long start = System.nanoTime();
        try (NetlinkSocket socket = namespace.get(() -> NetlinkSocket.open(NetlinkProtocol.ROUTE))) {
            while (isUnderWay(socket, environment, addresses)) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new CniException(
                            CniCode.TRY_AGAIN,
                            "duplicate address detection on interface " + environment.container()
                                    + " has not come to an end in " + PATIENCE.toSeconds() + " s");
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (KernelException refused) {
            throw CniException.kernel(refused);
        }
    }

    private static boolean isUnderWay(NetlinkSocket socket, CniEnvironment environment, List<IpPrefix> addresses) {
        List<LinkAddress> present = Links.over(socket)
                .find(environment.container())
                .map(link -> Addresses.over(socket).list(link.index()))
                .orElse(List.of());
        for (LinkAddress one : present) {
            if (addresses.contains(one.prefix()) && one.isDuplicate()) {
                throw new CniException(CniCode.CONFLICT, duplicate(one.prefix()));
            }
        }
        return present.stream().anyMatch(one -> addresses.contains(one.prefix()) && one.isTentative());
    }

    /** What is said of an address that the kernel does not use. */
    static String duplicate(IpPrefix address) {
        return "address " + address
                + " is somebody else's on the network already, as duplicate address detection found";
    }
}
