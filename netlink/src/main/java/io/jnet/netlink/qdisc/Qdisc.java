package io.jnet.netlink.qdisc;

import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_KIND;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_OPTIONS;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import java.util.Optional;

/**
 * A qdisc as the kernel described it.
 *
 * @param header link, handle and parent
 * @param attributes everything else, known or not, in the kernel's order
 */
public record Qdisc(TrafficControlHeader header, Attributes attributes) {
    /**
     * Reads an RTM_NEWQDISC or RTM_DELQDISC message, an answer or an event.
     *
     * @throws io.jnet.netlink.NetlinkException when it is malformed
     */
    public static Qdisc decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        Qdisc qdisc = new Qdisc(TrafficControlHeader.read(reader), Attributes.read(reader));
        reader.finish("qdisc message");
        return qdisc;
    }

    /** The index of its link. */
    public int link() {
        return header.link();
    }

    /** Whether it delays what the link sends, and is not part of another qdisc. */
    public boolean isRoot() {
        return header.parent() == TrafficControlHeader.ROOT;
    }

    /** The kernel's name of the kind: {@code tbf}. */
    public String kind() {
        return attributes.get(TCA_KIND).orElse("");
    }

    /** What a token bucket filter is set to; empty for other kinds. */
    public Optional<TokenBucket> tokenBucket() {
        return kind().equals(TokenBucketAttribute.KIND)
                ? attributes.get(TCA_OPTIONS).flatMap(TokenBucketAttribute::decode)
                : Optional.empty();
    }
}
