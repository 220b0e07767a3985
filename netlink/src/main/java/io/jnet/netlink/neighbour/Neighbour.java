package io.jnet.netlink.neighbour;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.address.AddressAttribute;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.MacAddress;
import java.util.Optional;

/**
 * A neighbour as the kernel described it.
 *
 * @param header link and state
 * @param attributes everything else, known or not, in the kernel's order
 */
public record Neighbour(NeighbourHeader header, Attributes attributes) {
    static final Attribute<IpAddress> NDA_DST = Attribute.of(1, "NDA_DST", AddressAttribute.IP);
    static final Attribute<byte[]> NDA_LLADDR = Attribute.of(2, "NDA_LLADDR", AttributeCodec.BYTES);

    /** Known, and to be asked whether it is still so when it is used next. */
    static final int NUD_STALE = 0x04;

    static final int NUD_PROBE = 0x10;
    /** Somebody else than the kernel's own ARP or NDP has told it. */
    static final int NTF_EXT_LEARNED = 0x10;

    private static final int NUD_REACHABLE = 0x02;
    private static final int NUD_PERMANENT = 0x80;

    /**
     * Reads an RTM_NEWNEIGH or RTM_DELNEIGH message, an answer or an event.
     *
     * @throws io.jnet.netlink.NetlinkException when it is malformed, or has no address
     */
    public static Neighbour decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        Neighbour neighbour = new Neighbour(NeighbourHeader.read(reader), Attributes.read(reader));
        if (!neighbour.attributes.has(NDA_DST)) {
            reader.fail("no address");
        }
        reader.finish("neighbour message");
        neighbour.address();
        return neighbour;
    }

    /** The index of the link that it is on. */
    public int link() {
        return header.index();
    }

    /** Its address. */
    public IpAddress address() {
        return attributes.get(NDA_DST).orElseThrow();
    }

    /** Its Ethernet address; empty while it is being asked for, or when it does not answer. */
    public Optional<MacAddress> mac() {
        return attributes
                .get(NDA_LLADDR)
                .filter(bytes -> bytes.length == MacAddress.LENGTH)
                .map(MacAddress::of);
    }

    /** Whether it answered lately (NUD_REACHABLE). */
    public boolean isReachable() {
        return (header.state() & NUD_REACHABLE) != 0;
    }

    /** Whether it was learned as {@link Neighbours#learn} has it (NTF_EXT_LEARNED). */
    public boolean isLearned() {
        return (header.flags() & NTF_EXT_LEARNED) != 0;
    }

    /** Whether it was set by hand (NUD_PERMANENT). */
    public boolean isPermanent() {
        return (header.state() & NUD_PERMANENT) != 0;
    }
}
