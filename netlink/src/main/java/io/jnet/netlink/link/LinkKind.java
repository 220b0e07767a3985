package io.jnet.netlink.link;

import static io.jnet.netlink.link.LinkAttribute.IFLA_INFO_DATA;
import static io.jnet.netlink.link.LinkAttribute.IFLA_INFO_DATA_RAW;
import static io.jnet.netlink.link.LinkAttribute.IFLA_INFO_KIND;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.RawAttribute;
import java.util.Optional;
import java.util.OptionalInt;

/** What sort of virtual link it is, with the data of that sort. */
public sealed interface LinkKind {
    /** The kernel's name: {@code bridge}. */
    String name();

    /** The content of IFLA_LINKINFO. */
    Attributes encode();

    /** Reads the content of IFLA_LINKINFO; empty when that has no kind. */
    static Optional<LinkKind> decode(Attributes info) {
        return info.get(IFLA_INFO_KIND).map(kind -> switch (kind) {
            case Bridge.NAME -> new Bridge(info.get(IFLA_INFO_DATA).orElse(Attributes.none()));
            case Veth.NAME -> new Veth(info.get(IFLA_INFO_DATA).orElse(Attributes.none()));
            case Ifb.NAME -> new Ifb();
            default -> new Unknown(kind, info.get(IFLA_INFO_DATA_RAW));
        });
    }

    /**
     * An Ethernet bridge.
     *
     * @param data {@code IFLA_BR_...}
     */
    record Bridge(Attributes data) implements LinkKind {
        static final String NAME = "bridge";
        static final Attribute<Long> IFLA_BR_FORWARD_DELAY =
                Attribute.of(1, "IFLA_BR_FORWARD_DELAY", AttributeCodec.U32);
        static final Attribute<Long> IFLA_BR_STP_STATE = Attribute.of(5, "IFLA_BR_STP_STATE", AttributeCodec.U32);
        static final Attribute<Integer> IFLA_BR_VLAN_FILTERING =
                Attribute.of(7, "IFLA_BR_VLAN_FILTERING", AttributeCodec.U8);
        static final Attribute<Integer> IFLA_BR_VLAN_DEFAULT_PVID =
                Attribute.of(39, "IFLA_BR_VLAN_DEFAULT_PVID", AttributeCodec.U16);

        /** {@code struct br_boolopt_multi { __u32 optval; __u32 optmask; }}: switches, and which of them are meant. */
        static final Attribute<Long> IFLA_BR_MULTI_BOOLOPT = Attribute.of(
                46,
                "IFLA_BR_MULTI_BOOLOPT",
                AttributeCodec.of(
                        reader -> {
                            long values = reader.u32();
                            return values & reader.u32();
                        },
                        (writer, on) -> writer.u32(on).u32(on)));

        /** BR_BOOLOPT_NO_LL_LEARN, Linux 5.0; kernels before ignore it. */
        private static final long NO_LINK_LOCAL_LEARN = 1;

        /**
         * Without spanning tree, and forwarding from a new port at once, as docker0 is. It does not learn where a MAC address is from
         * frames to link-local group addresses: those pass no chain that could refuse a forged one (net/bridge/br_input.c,
         * __br_handle_local_finish).
         */
        static Bridge forwardingAtOnce() {
            return new Bridge(Attributes.of(IFLA_BR_FORWARD_DELAY, 0L)
                    .with(IFLA_BR_STP_STATE, 0L)
                    .with(IFLA_BR_MULTI_BOOLOPT, NO_LINK_LOCAL_LEARN));
        }

        /** A change of a bridge: it looks at the VLANs of frames and ports. */
        static Bridge filteringVlans() {
            return new Bridge(Attributes.of(IFLA_BR_VLAN_FILTERING, 1));
        }

        /** Whether frames pass between ports of their VLAN only. */
        public boolean filtersVlans() {
            return data.get(IFLA_BR_VLAN_FILTERING).orElse(0) != 0;
        }

        /** Whether the kernel can filter VLANs (CONFIG_BRIDGE_VLAN_FILTERING): only then it tells of a default one. */
        public boolean canFilterVlans() {
            return data.has(IFLA_BR_VLAN_DEFAULT_PVID);
        }

        /** The VLAN that new ports and the bridge itself are in, without a tag; empty where that is none. */
        public OptionalInt defaultVlan() {
            return data.get(IFLA_BR_VLAN_DEFAULT_PVID).stream()
                    .mapToInt(Integer::intValue)
                    .filter(id -> id != 0)
                    .findFirst();
        }

        /** Whether frames to link-local group addresses teach the bridge where their sender is. */
        public boolean learnsFromLinkLocal() {
            return (data.get(IFLA_BR_MULTI_BOOLOPT).orElse(0L) & NO_LINK_LOCAL_LEARN) == 0;
        }

        /** How long a new port listens and learns before it forwards, in hundredths of a second (USER_HZ). */
        public Optional<Long> forwardDelay() {
            return data.get(IFLA_BR_FORWARD_DELAY);
        }

        /** Whether the spanning tree protocol runs. */
        public boolean hasSpanningTree() {
            return data.get(IFLA_BR_STP_STATE).orElse(0L) != 0;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Attributes encode() {
            return Attributes.of(IFLA_INFO_KIND, NAME).with(IFLA_INFO_DATA, data);
        }
    }

    /**
     * One end of a pair of Ethernet links.
     *
     * @param data the peer, when creating; the kernel answers none
     */
    record Veth(Attributes data) implements LinkKind {
        static final String NAME = "veth";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Attributes encode() {
            return Attributes.of(IFLA_INFO_KIND, NAME).with(IFLA_INFO_DATA, data);
        }
    }

    /** A link that hands back what it is given to send, to where that came from: it has no data. */
    record Ifb() implements LinkKind {
        static final String NAME = "ifb";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Attributes encode() {
            return Attributes.of(IFLA_INFO_KIND, NAME);
        }
    }

    /**
     * Any other kind.
     *
     * @param name the kernel's
     * @param data IFLA_INFO_DATA as it came
     */
    record Unknown(String name, Optional<RawAttribute> data) implements LinkKind {
        @Override
        public Attributes encode() {
            Attributes kind = Attributes.of(IFLA_INFO_KIND, name);
            return data.map(kind::with).orElse(kind);
        }
    }
}
