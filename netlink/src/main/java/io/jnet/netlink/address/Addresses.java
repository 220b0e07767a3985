package io.jnet.netlink.address;

import static io.jnet.netlink.NetlinkFlags.NLM_F_CREATE;
import static io.jnet.netlink.NetlinkFlags.NLM_F_EXCL;
import static io.jnet.netlink.RouteMessage.RTM_DELADDR;
import static io.jnet.netlink.RouteMessage.RTM_GETADDR;
import static io.jnet.netlink.RouteMessage.RTM_NEWADDR;
import static io.jnet.netlink.address.AddressAttribute.IFA_ADDRESS;
import static io.jnet.netlink.address.AddressAttribute.IFA_BROADCAST;
import static io.jnet.netlink.address.AddressAttribute.IFA_FLAGS;
import static io.jnet.netlink.address.AddressAttribute.IFA_LOCAL;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.List;

/** The addresses of the links of one network namespace: that of the socket, which stays the caller's to close. */
public final class Addresses {
    private static final long IFA_F_NODAD = 0x02;
    private static final int ALL_FAMILIES = 0;
    private static final int ALL_LINKS = 0;

    private final NetlinkSocket socket;

    private Addresses(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket a route socket
     */
    public static Addresses over(NetlinkSocket socket) {
        return new Addresses(socket);
    }

    /** All addresses of all links, both families. */
    public List<LinkAddress> list() {
        return list(ALL_LINKS);
    }

    /**
     * All addresses of one link, both families.
     *
     * @throws NetlinkException ENODEV when there is no such link
     */
    public List<LinkAddress> list(int link) {
        AddressHeader header = new AddressHeader(ALL_FAMILIES, 0, 0, 0, link);
        // Kernels before 5.0 ignore the index (no strict checking of dumps): hence the filter here too.
        return socket.dump(NetlinkRequest.of(RTM_GETADDR, header, "list addresses of", describe(link))).stream()
                .map(LinkAddress::decode)
                .filter(address -> link == ALL_LINKS || address.link() == link)
                .toList();
    }

    /**
     * Gives a link an address.
     *
     * @throws NetlinkException EEXIST when the link has it
     */
    public void add(AddressAddition addition) {
        long flags = addition.duplicateDetection() == AddressAddition.DuplicateDetection.SKIPPED ? IFA_F_NODAD : 0;
        socket.request(request(RTM_NEWADDR, addition.link(), addition.prefix(), addition.scope(), "add address")
                .withFlags(NLM_F_CREATE | NLM_F_EXCL)
                .withAttributes(attributes(addition.prefix())
                        .with(IFA_BROADCAST, addition.broadcast())
                        .with(IFA_FLAGS, flags)));
    }

    /**
     * Takes an address from a link.
     *
     * @return whether the link had it; false too when there is no such link
     */
    public boolean delete(int link, IpPrefix prefix) {
        try {
            socket.request(request(RTM_DELADDR, link, prefix, AddressScope.GLOBAL, "delete address")
                    .withAttributes(attributes(prefix)));
            return true;
        } catch (NetlinkException failure) {
            boolean gone = failure.errno().equals(Errno.EADDRNOTAVAIL)
                    || failure.errno().equals(Errno.ENODEV);
            if (gone) {
                return false;
            }
            throw failure;
        }
    }

    private static NetlinkRequest request(int type, int link, IpPrefix prefix, AddressScope scope, String operation) {
        AddressHeader header = new AddressHeader(prefix.family().number(), prefix.length(), 0, scope.number(), link);
        return NetlinkRequest.of(type, header, operation, prefix + " of " + describe(link));
    }

    private static Attributes attributes(IpPrefix prefix) {
        return Attributes.of(IFA_LOCAL, prefix.address()).with(IFA_ADDRESS, prefix.address());
    }

    private static String describe(int link) {
        return link == ALL_LINKS ? "all links" : "link with index " + link;
    }
}
