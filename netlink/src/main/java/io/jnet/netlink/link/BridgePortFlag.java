package io.jnet.netlink.link;

import static io.jnet.netlink.link.LinkAttribute.IFLA_INFO_SLAVE_DATA;
import static io.jnet.netlink.link.LinkAttribute.IFLA_INFO_SLAVE_KIND;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import java.util.EnumSet;
import java.util.Set;

/** Switches of a bridge's port ({@code IFLA_BRPORT_...}), as {@code bridge link} shows them. */
public enum BridgePortFlag {
    /** Frames may leave by the port that they came from: a container reaches its own published port. */
    HAIRPIN(4, "IFLA_BRPORT_MODE"),
    /** No frames between this port and other isolated ports. */
    ISOLATED(33, "IFLA_BRPORT_ISOLATED");

    private final int number;
    private final String kernelName;

    BridgePortFlag(int number, String kernelName) {
        this.number = number;
        this.kernelName = kernelName;
    }

    /** The content of IFLA_LINKINFO that sets exactly these flags. */
    static Attributes encode(Set<BridgePortFlag> set) {
        Attributes data = Attributes.none();
        for (BridgePortFlag flag : values()) {
            data = data.with(flag.attribute(), set.contains(flag) ? 1 : 0);
        }
        return Attributes.of(IFLA_INFO_SLAVE_KIND, LinkKind.Bridge.NAME).with(IFLA_INFO_SLAVE_DATA, data);
    }

    /** The flags that the content of IFLA_LINKINFO shows; none for a link that is no bridge port. */
    static Set<BridgePortFlag> decode(Attributes info) {
        return info.get(IFLA_INFO_SLAVE_KIND)
                .filter(LinkKind.Bridge.NAME::equals)
                .flatMap(bridge -> info.get(IFLA_INFO_SLAVE_DATA))
                .map(BridgePortFlag::among)
                .orElse(EnumSet.noneOf(BridgePortFlag.class));
    }

    /**
     * @param settings of a bridge's port
     */
    static Set<BridgePortFlag> among(Attributes settings) {
        Set<BridgePortFlag> set = EnumSet.noneOf(BridgePortFlag.class);
        for (BridgePortFlag flag : values()) {
            if (settings.get(flag.attribute()).orElse(0) != 0) {
                set.add(flag);
            }
        }
        return set;
    }

    private Attribute<Integer> attribute() {
        return Attribute.of(number, kernelName, AttributeCodec.U8);
    }
}
