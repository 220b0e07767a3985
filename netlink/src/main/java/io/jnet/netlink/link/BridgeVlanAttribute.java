package io.jnet.netlink.link;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is in IFLA_AF_SPEC where the family is AF_BRIDGE (include/uapi/linux/if_bridge.h). */
final class BridgeVlanAttribute {
    /** {@code struct bridge_vlan_info { __u16 flags; __u16 vid; }}. */
    private record Info(int flags, int id) {
        static Info read(NetlinkReader reader) {
            return new Info(reader.u16(), reader.u16());
        }
    }

    private static final Attribute<Integer> IFLA_BRIDGE_FLAGS =
            Attribute.of(0, "IFLA_BRIDGE_FLAGS", AttributeCodec.U16);
    private static final Attribute<Info> IFLA_BRIDGE_VLAN_INFO = Attribute.of(
            2, "IFLA_BRIDGE_VLAN_INFO", AttributeCodec.fixed(Info::read, (writer, info) -> writer.u16(info.flags())
                    .u16(info.id())));

    private static final int BRIDGE_FLAGS_SELF = 2;
    private static final int BRIDGE_VLAN_INFO_RANGE_BEGIN = 1 << 3;
    private static final int BRIDGE_VLAN_INFO_RANGE_END = 1 << 4;

    /** The VLANs of a port, in messages of the family AF_BRIDGE. */
    static final Attribute<List<BridgeVlan>> VLANS = Attribute.of(
            LinkAttribute.IFLA_AF_SPEC.number(),
            LinkAttribute.IFLA_AF_SPEC.kernelName(),
            AttributeCodec.NESTED.map(
                    BridgeVlanAttribute::decode, vlans -> BridgeVlanAttribute.encode(BridgeSide.PORT, vlans)));

    private BridgeVlanAttribute() {}

    /** Without IFLA_BRIDGE_FLAGS the kernel takes the link for a port (net/core/rtnetlink.c, rtnl_bridge_setlink). */
    static Attributes encode(BridgeSide side, Collection<BridgeVlan> vlans) {
        List<Info> infos = new ArrayList<>();
        for (BridgeVlan vlan : vlans) {
            int flags = vlan.flags().stream().mapToInt(BridgeVlanFlag::bit).sum();
            if (vlan.first() == vlan.last()) {
                infos.add(new Info(flags, vlan.first()));
            } else {
                infos.add(new Info(flags | BRIDGE_VLAN_INFO_RANGE_BEGIN, vlan.first()));
                infos.add(new Info(flags | BRIDGE_VLAN_INFO_RANGE_END, vlan.last()));
            }
        }
        Attributes start =
                side == BridgeSide.SELF ? Attributes.of(IFLA_BRIDGE_FLAGS, BRIDGE_FLAGS_SELF) : Attributes.none();
        return start.withEach(IFLA_BRIDGE_VLAN_INFO, infos);
    }

    /** In the kernel's order: by number. */
    private static List<BridgeVlan> decode(Attributes content) {
        List<BridgeVlan> vlans = new ArrayList<>();
        int begun = 0;
        for (Info info : content.all(IFLA_BRIDGE_VLAN_INFO)) {
            if ((info.flags() & BRIDGE_VLAN_INFO_RANGE_BEGIN) != 0) {
                begun = info.id();
            } else {
                boolean ends = (info.flags() & BRIDGE_VLAN_INFO_RANGE_END) != 0;
                vlans.add(new BridgeVlan(ends ? begun : info.id(), info.id(), flags(info)));
            }
        }
        return vlans;
    }

    private static Set<BridgeVlanFlag> flags(Info info) {
        Set<BridgeVlanFlag> set = EnumSet.noneOf(BridgeVlanFlag.class);
        for (BridgeVlanFlag flag : BridgeVlanFlag.values()) {
            if ((info.flags() & flag.bit()) != 0) {
                set.add(flag);
            }
        }
        return set;
    }
}
