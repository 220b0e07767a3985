package io.jnet.netlink.link;

import static io.jnet.netlink.NetlinkFlags.NLM_F_CREATE;
import static io.jnet.netlink.NetlinkFlags.NLM_F_EXCL;
import static io.jnet.netlink.RouteMessage.RTM_DELLINK;
import static io.jnet.netlink.RouteMessage.RTM_GETLINK;
import static io.jnet.netlink.RouteMessage.RTM_NEWLINK;
import static io.jnet.netlink.RouteMessage.RTM_SETLINK;
import static io.jnet.netlink.link.LinkAttribute.IFLA_ADDRESS;
import static io.jnet.netlink.link.LinkAttribute.IFLA_AF_SPEC;
import static io.jnet.netlink.link.LinkAttribute.IFLA_IFALIAS;
import static io.jnet.netlink.link.LinkAttribute.IFLA_IFNAME;
import static io.jnet.netlink.link.LinkAttribute.IFLA_LINKINFO;
import static io.jnet.netlink.link.LinkAttribute.IFLA_MASTER;
import static io.jnet.netlink.link.LinkAttribute.IFLA_MTU;
import static io.jnet.netlink.link.LinkAttribute.IFLA_NET_NS_FD;
import static io.jnet.netlink.link.LinkAttribute.IFLA_NUM_RX_QUEUES;
import static io.jnet.netlink.link.LinkAttribute.IFLA_NUM_TX_QUEUES;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkWriter;
import java.util.Optional;
import java.util.OptionalInt;

/** Builds the requests of {@link Links}. */
final class LinkRequest {
    /** Leaves the statistics out of answers (RTEXT_FILTER_SKIP_STATS): half of their bytes, and of the time to make them. */
    private static final long SKIP_STATISTICS = 1 << 3;

    /** The operation of {@link #generateAddresses}. */
    static final String IPV6_SETTINGS = "set address generation of";

    /** In the data of a veth: a whole link message, struct included (drivers/net/veth.c). */
    private static final Attribute<Attributes> VETH_INFO_PEER = Attribute.of(
            1,
            "VETH_INFO_PEER",
            AttributeCodec.of(
                    reader -> {
                        LinkHeader.read(reader);
                        return Attributes.read(reader);
                    },
                    LinkRequest::writePeer));

    private LinkRequest() {}

    static NetlinkRequest create(BridgeCreation bridge) {
        // Without the MTU: given here, it would count as chosen by the kernel and shrink with the smallest port
        // (net/bridge/br_if.c, br_mtu_auto_adjust).
        return create("create bridge", bridge.name())
                .withAttributes(Attributes.of(IFLA_IFNAME, bridge.name().value())
                        .with(IFLA_ADDRESS, bridge.mac().bytes())
                        .with(IFLA_LINKINFO, LinkKind.Bridge.forwardingAtOnce().encode()));
    }

    /** What a new bridge needs beyond its creation; MTU and alias take effect before the flag (do_setlink). */
    static NetlinkRequest complete(BridgeCreation bridge, int index) {
        LinkHeader up = new LinkHeader(0, 0, index, Link.IFF_UP, Link.IFF_UP);
        return NetlinkRequest.of(RTM_SETLINK, up, "set up bridge", bridge.name().value())
                .withAttributes(Attributes.of(IFLA_MTU, (long) bridge.mtu()).with(IFLA_IFALIAS, bridge.alias()));
    }

    static NetlinkRequest create(VethCreation veth) {
        Attributes peer = end(veth.peer(), veth.mtu())
                .with(IFLA_NET_NS_FD, veth.peerNamespace().map(descriptor -> descriptor.number()));
        LinkKind kind = new LinkKind.Veth(Attributes.of(VETH_INFO_PEER, peer));
        return create("create veth", veth.host().name())
                .withAttributes(end(veth.host(), veth.mtu())
                        .with(IFLA_MASTER, boxed(veth.master()))
                        .with(IFLA_LINKINFO, kind.encode()));
    }

    /** What a new veth's host end needs before it comes up, but for {@link #generateAddresses}. */
    static NetlinkRequest complete(VethCreation veth, int index) {
        Attributes attributes = Attributes.none().with(IFLA_IFALIAS, veth.alias());
        if (veth.master().isPresent()) {
            attributes = attributes.with(IFLA_LINKINFO, BridgePortFlag.encode(veth.portFlags()));
        }
        // NEWLINK, because SETLINK ignores the data of a port (rtnl_changelink has it, do_setlink has not).
        return NetlinkRequest.of(
                        RTM_NEWLINK,
                        LinkHeader.of(index),
                        "configure veth",
                        veth.host().name().value())
                .withAttributes(attributes);
    }

    static NetlinkRequest create(IfbCreation ifb) {
        return create("create ifb", ifb.name())
                .withAttributes(Attributes.of(IFLA_IFNAME, ifb.name().value())
                        .with(IFLA_ADDRESS, ifb.mac().bytes())
                        .with(IFLA_MTU, (long) ifb.mtu())
                        .with(IFLA_LINKINFO, new LinkKind.Ifb().encode()));
    }

    /** What a new ifb link needs before it comes up. */
    static NetlinkRequest complete(IfbCreation ifb, int index) {
        return NetlinkRequest.of(
                        RTM_SETLINK,
                        LinkHeader.of(index),
                        "configure ifb",
                        ifb.name().value())
                .withAttributes(Attributes.none().with(IFLA_IFALIAS, ifb.alias()));
    }

    static NetlinkRequest get(String name) {
        return NetlinkRequest.of(RTM_GETLINK, LinkHeader.of(0), "find link", name)
                .withAttributes(Attributes.of(IFLA_IFNAME, name).with(LinkAttribute.IFLA_EXT_MASK, SKIP_STATISTICS));
    }

    static NetlinkRequest get(int index) {
        return NetlinkRequest.of(RTM_GETLINK, LinkHeader.of(index), "find link", "with index " + index)
                .withAttributes(Attributes.of(LinkAttribute.IFLA_EXT_MASK, SKIP_STATISTICS));
    }

    static NetlinkRequest list() {
        return NetlinkRequest.of(RTM_GETLINK, LinkHeader.of(0), "list", "links")
                .withAttributes(Attributes.of(LinkAttribute.IFLA_EXT_MASK, SKIP_STATISTICS));
    }

    /** Links of one kind: the kernel passes over all others (net/core/rtnetlink.c, link_dump_filtered). */
    static NetlinkRequest list(String kind) {
        return NetlinkRequest.of(RTM_GETLINK, LinkHeader.of(0), "list", kind + " links")
                .withAttributes(Attributes.of(IFLA_LINKINFO, Attributes.of(LinkAttribute.IFLA_INFO_KIND, kind)));
    }

    /**
     * How the kernel makes the IPv6 address of a link: before it comes up, since AF_SPEC takes effect after the flag (do_setlink). EAFNOSUPPORT where
     * the link has no IPv6 at all.
     */
    static NetlinkRequest generateAddresses(int index, Ipv6AddressGeneration generation) {
        return change(index, IPV6_SETTINGS, Attributes.of(IFLA_AF_SPEC, generation.encode()));
    }

    /** A change of an existing link. */
    static NetlinkRequest change(int index, String operation, Attributes attributes) {
        return NetlinkRequest.of(RTM_SETLINK, LinkHeader.of(index), operation, "link with index " + index)
                .withAttributes(attributes);
    }

    static NetlinkRequest flags(int index, long flags, long change, String operation) {
        return NetlinkRequest.of(
                RTM_SETLINK, new LinkHeader(0, 0, index, flags, change), operation, "link with index " + index);
    }

    static NetlinkRequest delete(int index) {
        return NetlinkRequest.of(RTM_DELLINK, LinkHeader.of(index), "delete", "link with index " + index);
    }

    private static NetlinkRequest create(String operation, InterfaceName name) {
        return NetlinkRequest.of(RTM_NEWLINK, LinkHeader.of(0), operation, name.value())
                .withFlags(NLM_F_CREATE | NLM_F_EXCL);
    }

    /**
     * With one queue, as the kernel uses of those that it makes when nobody says how many: one for each processor, of which it puts all but one out
     * of use, and waits for every processor meanwhile (drivers/net/veth.c, veth_init_queues).
     */
    private static Attributes end(VethEnd end, OptionalInt mtu) {
        return Attributes.of(IFLA_IFNAME, end.name().value())
                .with(IFLA_ADDRESS, end.mac().map(MacAddress::bytes))
                .with(IFLA_NUM_TX_QUEUES, 1L)
                .with(IFLA_NUM_RX_QUEUES, 1L)
                .with(IFLA_MTU, boxed(mtu).map(Integer::longValue));
    }

    private static Optional<Integer> boxed(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    private static void writePeer(NetlinkWriter writer, Attributes attributes) {
        LinkHeader.of(0).write(writer);
        attributes.write(writer);
    }
}
