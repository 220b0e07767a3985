package io.jnet.netlink.qdisc;

import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_ACT_KIND;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_ACT_OPTIONS;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_KIND;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_OPTIONS;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import java.util.OptionalInt;

/**
 * A filter, or a part of one, as the kernel described it: {@code u32} is told as the filter, its tables and their entries.
 *
 * @param header link, parent, priority and protocol
 * @param attributes everything else, known or not, in the kernel's order
 */
public record Filter(TrafficControlHeader header, Attributes attributes) {
    private static final int PRIORITY_SHIFT = 16;

    /**
     * Reads an RTM_NEWTFILTER or RTM_DELTFILTER message, an answer or an event.
     *
     * @throws io.jnet.netlink.NetlinkException when it is malformed
     */
    public static Filter decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        Filter filter = new Filter(TrafficControlHeader.read(reader), Attributes.read(reader));
        reader.finish("filter message");
        return filter;
    }

    /** The index of the link whose packets it sees. */
    public int link() {
        return header.link();
    }

    /** 1 to 65535; the lowest is asked first. */
    public int priority() {
        return (int) (header.info() >> PRIORITY_SHIFT);
    }

    /** The kernel's name of the kind: {@code u32}. */
    public String kind() {
        return attributes.get(TCA_KIND).orElse("");
    }

    /** The index of the link that an entry of a {@code u32} filter redirects packets to, as its first action. */
    public OptionalInt redirection() {
        if (!kind().equals(RedirectionAttribute.U32)) {
            return OptionalInt.empty();
        }
        return attributes
                .get(TCA_OPTIONS)
                .flatMap(options -> options.get(RedirectionAttribute.TCA_U32_ACT))
                .flatMap(actions -> actions.get(RedirectionAttribute.FIRST_ACTION))
                .filter(action -> action.get(TCA_ACT_KIND)
                        .filter(RedirectionAttribute.MIRRED::equals)
                        .isPresent())
                .flatMap(action -> action.get(TCA_ACT_OPTIONS))
                .flatMap(options -> options.get(RedirectionAttribute.TCA_MIRRED_PARMS))
                .filter(Mirred::isRedirection)
                .map(mirred -> OptionalInt.of(mirred.link()))
                .orElse(OptionalInt.empty());
    }
}
