package io.jnet.netlink.netconf;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import java.util.Optional;

/**
 * Settings of an interface, or of a whole network namespace, as the kernel told them. An event has those that changed only.
 *
 * @param header the address family
 * @param attributes everything else, known or not, in the kernel's order
 */
public record NetworkConfiguration(NetworkConfigurationHeader header, Attributes attributes) {
    static final Attribute<Integer> NETCONFA_IFINDEX = Attribute.of(1, "NETCONFA_IFINDEX", AttributeCodec.S32);
    static final Attribute<Integer> NETCONFA_FORWARDING = Attribute.of(2, "NETCONFA_FORWARDING", AttributeCodec.S32);
    static final Attribute<Integer> NETCONFA_PROXY_NEIGH = Attribute.of(5, "NETCONFA_PROXY_NEIGH", AttributeCodec.S32);

    private static final int NETCONFA_IFINDEX_ALL = -1;

    /**
     * Reads an RTM_NEWNETCONF message, an answer or an event.
     *
     * @throws io.jnet.netlink.NetlinkException when it is malformed
     */
    public static NetworkConfiguration decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        NetworkConfiguration configuration =
                new NetworkConfiguration(NetworkConfigurationHeader.read(reader), Attributes.read(reader));
        reader.finish("netconf message");
        configuration.isWholeNamespace();
        configuration.forwarding();
        return configuration;
    }

    /** Whether this is about {@code conf.all}, not about one interface or {@code conf.default}. */
    public boolean isWholeNamespace() {
        return attributes.get(NETCONFA_IFINDEX).orElse(0) == NETCONFA_IFINDEX_ALL;
    }

    /** Whether an interface has come, of which an event tells every setting; else somebody has changed one. */
    public boolean isOfNewInterface() {
        return attributes.has(NETCONFA_PROXY_NEIGH);
    }

    /** The setting {@code forwarding}; empty when the message does not tell it. */
    public Optional<Boolean> forwarding() {
        return attributes.get(NETCONFA_FORWARDING).map(value -> value != 0);
    }
}
