package io.jnet.netlink.link;

import static io.jnet.netlink.RouteMessage.RTM_NEWLINK;
import static io.jnet.netlink.link.LinkAttribute.AF_INET;
import static io.jnet.netlink.link.LinkAttribute.IFLA_ADDRESS;
import static io.jnet.netlink.link.LinkAttribute.IFLA_AF_SPEC;
import static io.jnet.netlink.link.LinkAttribute.IFLA_IFALIAS;
import static io.jnet.netlink.link.LinkAttribute.IFLA_IFNAME;
import static io.jnet.netlink.link.LinkAttribute.IFLA_INET_CONF;
import static io.jnet.netlink.link.LinkAttribute.IFLA_LINKINFO;
import static io.jnet.netlink.link.LinkAttribute.IFLA_MASTER;
import static io.jnet.netlink.link.LinkAttribute.IFLA_MTU;
import static io.jnet.netlink.link.LinkAttribute.IFLA_NET_NS_FD;
import static io.jnet.netlink.link.LinkAttribute.IFLA_TXQLEN;
import static io.jnet.netlink.link.LinkAttribute.IPV4_DEVCONF_ARP_NOTIFY;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.Errno;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The links of one network namespace: that of the socket, which stays the caller's to close.
 *
 * <p>Changes name a link by its index, which no other link takes over while it exists; a name may pass to another link at any time.
 */
public final class Links {
    private static final int NO_MASTER = 0;

    private final NetlinkSocket socket;

    private Links(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket a route socket
     */
    public static Links over(NetlinkSocket socket) {
        return new Links(socket);
    }

    /** All links, with {@code lo}. */
    public List<Link> list() {
        return socket.dump(LinkRequest.list()).stream().map(Link::decode).toList();
    }

    /**
     * What is wanted of all links, with {@code lo}: for hosts that have thousands, which need not all be kept as a whole.
     *
     * @param selection what to keep of a link; again for each time that the list is read
     */
    public <T> List<T> select(Function<Link, Optional<T>> selection) {
        return socket.dump(LinkRequest.list(), message -> selection.apply(Link.decode(message)));
    }

    /** All bridges; costs what there is of bridges, not of ports. */
    public List<Link> bridges() {
        return socket.dump(LinkRequest.list(LinkKind.Bridge.NAME)).stream()
                .map(Link::decode)
                .toList();
    }

    /** The link with this name. */
    public Optional<Link> find(InterfaceName name) {
        return find(LinkRequest.get(name.value()));
    }

    /** The link with this index. */
    public Optional<Link> find(int index) {
        return find(LinkRequest.get(index));
    }

    /**
     * Makes a bridge and sets it up.
     *
     * @return the bridge as it was right after its creation: its index matters
     * @throws NetlinkException EEXIST when the name is taken; nothing is left behind
     */
    public Link create(BridgeCreation bridge) {
        Link created = create(
                LinkRequest.create(bridge), bridge.name(), link -> link.mac().equals(Optional.of(bridge.mac())));
        return completed(created, List.of(LinkRequest.complete(bridge, created.index())));
    }

    /**
     * Makes a veth pair, and sets its host end up.
     *
     * @return the host end as it was right after its creation: its own and its {@link Link#peer()}'s index matter
     * @throws NetlinkException EEXIST when a name is taken; nothing is left behind
     */
    public Link create(VethCreation veth) {
        Link created = create(LinkRequest.create(veth), veth.host().name(), link -> link.peer()
                .isPresent());
        int index = created.index();
        return completed(
                created,
                List.of(
                        LinkRequest.complete(veth, index),
                        LinkRequest.generateAddresses(index, veth.ipv6AddressGeneration()),
                        up(index)));
    }

    /**
     * Makes an ifb link, which stays down.
     *
     * @return the link as it was right after its creation: its index matters
     * @throws NetlinkException EEXIST when the name is taken, EOPNOTSUPP when the kernel has no such links; nothing is left behind
     */
    public Link create(IfbCreation ifb) {
        Link created =
                create(LinkRequest.create(ifb), ifb.name(), link -> link.mac().equals(Optional.of(ifb.mac())));
        int index = created.index();
        return completed(
                created,
                List.of(
                        LinkRequest.complete(ifb, index),
                        LinkRequest.generateAddresses(index, Ipv6AddressGeneration.NONE)));
    }

    /** Sets a link up. */
    public void setUp(int index) {
        socket.request(up(index));
    }

    /** Sets a link down. */
    public void setDown(int index) {
        socket.request(LinkRequest.flags(index, 0, Link.IFF_UP, "set down"));
    }

    /** Has a link take frames for every address, or only for its own again. */
    public void setPromiscuous(int index, boolean on) {
        socket.request(LinkRequest.flags(index, on ? Link.IFF_PROMISC : 0, Link.IFF_PROMISC, "set promiscuity of"));
    }

    /** Has a link take frames for every group, or only for those that are asked for. */
    public void setAllMulticast(int index, boolean on) {
        socket.request(LinkRequest.flags(index, on ? Link.IFF_ALLMULTI : 0, Link.IFF_ALLMULTI, "set multicast of"));
    }

    /**
     * Has a link tell its neighbours of its IPv4 addresses whenever it is set up: {@code arp_notify}. In a namespace where no file of
     * {@code /proc/sys/net} was open yet, opening the first of a family takes the kernel a millisecond for each thousand other namespaces
     * (fs/proc/proc_sysctl.c, proc_sys_compare: they share a name in one folder); this does not.
     */
    public void announceAddresses(int index) {
        Attributes settings = Attributes.of(IPV4_DEVCONF_ARP_NOTIFY, 1L);
        change(
                index,
                "have addresses announced by",
                Attributes.of(IFLA_AF_SPEC, Attributes.of(AF_INET, Attributes.of(IFLA_INET_CONF, settings))));
    }

    /** How the kernel makes a link's link-local address when it is set up. Without effect where the link has no IPv6 at all. */
    public void setAddressGeneration(int index, Ipv6AddressGeneration generation) {
        try {
            socket.request(LinkRequest.generateAddresses(index, generation));
        } catch (NetlinkException failure) {
            if (!isWithoutIpv6(failure)) {
                throw failure;
            }
        }
    }

    /** Sets the length of the queue, in packets. */
    public void setTransmitQueue(int index, long packets) {
        change(index, "set queue length of", Attributes.of(IFLA_TXQLEN, packets));
    }

    /** Makes a link a port of a bridge. */
    public void setMaster(int index, int bridge) {
        change(index, "set master of", Attributes.of(IFLA_MASTER, bridge));
    }

    /** Takes a link out of its bridge. */
    public void clearMaster(int index) {
        change(index, "clear master of", Attributes.of(IFLA_MASTER, NO_MASTER));
    }

    /**
     * Has a bridge let frames pass between ports of their VLAN only.
     *
     * @throws NetlinkException EOPNOTSUPP when the kernel cannot do that ({@link LinkKind.Bridge#canFilterVlans()})
     */
    public void filterVlans(int bridge) {
        // NEWLINK, because SETLINK ignores the data of a kind (rtnl_changelink has it, do_setlink has not).
        socket.request(NetlinkRequest.of(
                        RTM_NEWLINK, LinkHeader.of(bridge), "have VLANs filtered by", "link with index " + bridge)
                .withAttributes(Attributes.of(
                        IFLA_LINKINFO, LinkKind.Bridge.filteringVlans().encode())));
    }

    /** The VLANs of the bridges and bridge ports among them. */
    public BridgeVlans vlans() {
        return BridgeVlans.over(socket);
    }

    /** Sets the flags of a bridge's port; those that are not in the set are cleared. */
    public void setBridgePortFlags(int index, Set<BridgePortFlag> flags) {
        socket.request(
                NetlinkRequest.of(RTM_NEWLINK, LinkHeader.of(index), "set port flags of", "link with index " + index)
                        .withAttributes(Attributes.of(IFLA_LINKINFO, BridgePortFlag.encode(flags))));
    }

    /** Sets the MTU, in bytes. */
    public void setMtu(int index, int bytes) {
        change(index, "set MTU of", Attributes.of(IFLA_MTU, (long) bytes));
    }

    /** Sets the Ethernet address. */
    public void setMac(int index, MacAddress mac) {
        change(index, "set address of", Attributes.of(IFLA_ADDRESS, mac.bytes()));
    }

    /** Sets the alias; an empty one removes it. */
    public void setAlias(int index, String alias) {
        change(index, "set alias of", Attributes.of(IFLA_IFALIAS, alias));
    }

    /** Renames a link; kernels before 6.2 want it down for that (EBUSY). */
    public void rename(int index, InterfaceName name) {
        change(index, "rename", Attributes.of(IFLA_IFNAME, name.value()));
    }

    /** Moves a link to another network namespace, where it keeps its name or the kernel refuses. */
    public void moveTo(int index, Descriptor namespace) {
        change(index, "move to " + namespace, Attributes.of(IFLA_NET_NS_FD, namespace.number()));
    }

    /**
     * Deletes a link, and with a veth its peer. The kernel takes some 10 ms (an RCU grace period): several go at once with
     * {@link #deleteAll}.
     *
     * @return whether there was such a link
     */
    public boolean delete(int index) {
        try {
            socket.request(LinkRequest.delete(index));
            return true;
        } catch (NetlinkException failure) {
            if (isGone(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * Deletes several links for about the price of one; those that do not exist are passed over.
     *
     * @throws IllegalArgumentException for {@code lo}
     */
    public void deleteAll(Collection<Integer> indexes) {
        Set<Integer> distinct = Set.copyOf(indexes);
        if (distinct.size() == 1) {
            delete(distinct.iterator().next());
        } else if (!distinct.isEmpty()) {
            new GroupDeletion(socket, this).delete(distinct);
        }
    }

    /** Whether the kernel means that there is no such link. */
    static boolean isGone(NetlinkException failure) {
        return failure.errno().equals(Errno.ENODEV);
    }

    private Optional<Link> find(NetlinkRequest request) {
        try {
            return socket.request(request).stream().map(Link::decode).findFirst();
        } catch (NetlinkException failure) {
            if (isGone(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /**
     * Creates a link and reads its index, in one datagram. What follows goes into another one: the kernel carries on after a refusal, so
     * that requests for the same name would hit the foreign link that made the creation fail.
     *
     * @param isLikeIt whether a link of the name, without alias and down, is what was to be created
     */
    private Link create(NetlinkRequest creation, InterfaceName name, Predicate<Link> isLikeIt) {
        try {
            List<List<NetlinkMessage>> answers = socket.exchange(List.of(creation, LinkRequest.get(name.value())));
            return Link.decode(answers.get(1).get(0));
        } catch (NetlinkException failure) {
            if (failure.isWithoutVerdict()) {
                deleteAfter(failure, () -> find(name)
                        .filter(link -> link.alias().isEmpty() && !link.isUp() && isLikeIt.test(link))
                        .ifPresent(link -> delete(link.index())));
            }
            throw failure;
        }
    }

    private Link completed(Link created, List<NetlinkRequest> requests) {
        try {
            socket.exchange(requests);
            return created;
        } catch (RuntimeException failure) {
            if (isWithoutIpv6(failure)) {
                return created;
            }
            deleteAfter(failure, () -> delete(created.index()));
            throw failure;
        }
    }

    /**
     * Whether nothing was refused but what is about IPv6, by a kernel that was started without it ({@code ipv6.disable=1}; net/core/rtnetlink.c,
     * validate_linkmsg), or for a link whose MTU is too small for it. All other requests have taken effect.
     */
    private static boolean isWithoutIpv6(RuntimeException failure) {
        return failure instanceof NetlinkException refused
                && refused.errno().equals(Errno.EAFNOSUPPORT)
                && refused.operation().equals(LinkRequest.IPV6_SETTINGS)
                && refused.getSuppressed().length == 0;
    }

    private static void deleteAfter(RuntimeException failure, Runnable deletion) {
        try {
            deletion.run();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private void change(int index, String operation, Attributes attributes) {
        socket.request(LinkRequest.change(index, operation, attributes));
    }

    private static NetlinkRequest up(int index) {
        return LinkRequest.flags(index, Link.IFF_UP, Link.IFF_UP, "set up");
    }
}
