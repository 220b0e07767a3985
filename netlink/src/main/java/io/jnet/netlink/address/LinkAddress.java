package io.jnet.netlink.address;

import static io.jnet.netlink.address.AddressAttribute.IFA_ADDRESS;
import static io.jnet.netlink.address.AddressAttribute.IFA_BROADCAST;
import static io.jnet.netlink.address.AddressAttribute.IFA_FLAGS;
import static io.jnet.netlink.address.AddressAttribute.IFA_LOCAL;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.libc.Errno;
import java.util.Optional;

/**
 * An address of a link as the kernel described it.
 *
 * @param header family, prefix length, scope and link
 * @param attributes everything else, known or not, in the kernel's order
 */
public record LinkAddress(AddressHeader header, Attributes attributes) {
    private static final long IFA_F_TENTATIVE = 0x40;
    private static final long IFA_F_DADFAILED = 0x08;
    private static final long IFA_F_PERMANENT = 0x80;

    /**
     * Reads an RTM_NEWADDR or RTM_DELADDR message, an answer or an event.
     *
     * @throws NetlinkException when it is malformed, or has no address
     */
    public static LinkAddress decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        LinkAddress decoded = new LinkAddress(AddressHeader.read(reader), Attributes.read(reader));
        if (!decoded.attributes.has(IFA_LOCAL) && !decoded.attributes.has(IFA_ADDRESS)) {
            reader.fail("no address");
        }
        reader.finish("address message");
        decoded.prefix();
        return decoded;
    }

    /** The index of the link. */
    public int link() {
        return header.index();
    }

    /** The link's own address and the length of its prefix. */
    public IpPrefix prefix() {
        IpAddress address =
                attributes.get(IFA_LOCAL).or(() -> attributes.get(IFA_ADDRESS)).orElseThrow();
        try {
            return new IpPrefix(address, header.prefixLength());
        } catch (IllegalArgumentException malformed) {
            throw new NetlinkException(
                    "decode",
                    "address message",
                    Errno.EBADMSG,
                    String.valueOf(malformed.getMessage()),
                    NetlinkException.NO_OFFSET);
        }
    }

    /** The broadcast address. */
    public Optional<IpAddress> broadcast() {
        return attributes.get(IFA_BROADCAST);
    }

    /** How far it is valid, {@code RT_SCOPE_...}: users may define more than {@link AddressScope} has. */
    public int scope() {
        return header.scope();
    }

    /** Whether duplicate detection has not come to an end. */
    public boolean isTentative() {
        return hasFlag(IFA_F_TENTATIVE);
    }

    /** Whether duplicate detection found another owner. */
    public boolean isDuplicate() {
        return hasFlag(IFA_F_DADFAILED);
    }

    /** Whether it has no lifetime: set by hand, not by a router or a lease. */
    public boolean isPermanent() {
        return hasFlag(IFA_F_PERMANENT);
    }

    private boolean hasFlag(long flag) {
        long flags = attributes.get(IFA_FLAGS).orElse((long) header.flags());
        return (flags & flag) != 0;
    }
}
