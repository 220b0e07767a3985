package io.jnet.engine.link;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a link's alias says of whose it is. Only a hint by itself: whoever has a link may write any alias, a container its own among them.
 *
 * @param instance the identity of a state, 32 hex digits
 * @param owner what of that state the link belongs to
 * @param id which one
 * @param particulars what else it says
 */
public record LinkMark(String instance, Owner owner, String id, Particulars particulars) {
    /** Ids as those of networks and endpoints are. */
    private static final Pattern ALIAS =
            Pattern.compile("jnet ([0-9a-f]{32}) (network|endpoint) ([A-Za-z0-9][A-Za-z0-9_.-]{0,127})(.*)");

    /** What the kernel takes, without its terminating zero: IFALIASZ (include/uapi/linux/if.h). */
    private static final int LONGEST = 255;

    /** Whose links carry a mark. */
    public enum Owner {
        /** A bridge's. */
        NETWORK("network"),
        /** The host's end of a veth pair, or an ifb link. */
        ENDPOINT("endpoint");

        private final String text;

        Owner(String text) {
            this.text = text;
        }
    }

    /** The alias: {@code jnet 0123456789abcdef0123456789abcdef network 93ab93ab name=web}. */
    public String alias() {
        String identity = "jnet " + instance + " " + owner.text + " " + id;
        return identity + particulars.text(LONGEST - identity.length());
    }

    /** Whether both are of the same object, whatever else they say of it. */
    public boolean isSameOwner(LinkMark other) {
        return instance.equals(other.instance) && owner == other.owner && id.equals(other.id);
    }

    /** Whether an alias is one of the same object as another one is, which is a mark. */
    public static boolean isSameOwner(Optional<String> alias, String mark) {
        return alias.equals(Optional.of(mark))
                || alias.flatMap(LinkMark::parse)
                        .flatMap(one -> parse(mark).filter(one::isSameOwner))
                        .isPresent();
    }

    /** What an alias says; empty for one that is not jnet's. */
    public static Optional<LinkMark> parse(String alias) {
        Matcher matcher = ALIAS.matcher(alias);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Owner owner = matcher.group(2).equals(Owner.NETWORK.text) ? Owner.NETWORK : Owner.ENDPOINT;
        return Particulars.parse(matcher.group(4))
                .map(particulars -> new LinkMark(matcher.group(1), owner, matcher.group(3), particulars));
    }
}
