package io.jnet.engine.watch;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;

/** Which news of a link is likely to be of somebody's damage. Wrong guesses cost a look at the host, one time or another. */
final class LinkDamage {
    private LinkDamage() {}

    /** A bridge that is down; or the end of one of jnet's veth pairs that was in use, and is down or a port of no bridge. */
    static boolean isSpoiled(Link link) {
        if (isBridge(link)) {
            return !link.isUp();
        }
        // A pair that is new has carried nothing yet. Of one that jnet deletes the kernel tells anyway.
        return link.name().startsWith(Endpoint.HOST_LINK_PREFIX)
                && link.carrierUpCount() > 0
                && (!link.isUp() || link.master().isEmpty());
    }

    static boolean isBridge(Link link) {
        return link.kind().orElse(null) instanceof LinkKind.Bridge;
    }
}
