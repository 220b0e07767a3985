package io.jnet.netlink.link;

import static io.jnet.netlink.link.LinkAttribute.IFLA_GROUP;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes links in ONE request, so that they share the kernel's grace period: they get a group number that nothing else has, and
 * RTM_DELLINK names the group (net/core/rtnetlink.c, rtnl_group_dellink). 100 veths: 40 ms instead of 1,700.
 *
 * <p>The kernel deletes whatever is in the group. Hence a random number of 31 bits, and a look at all links right before the deletion:
 * another program would have to choose the same number within that moment.
 */
final class GroupDeletion {
    private static final int ATTEMPTS = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final NetlinkSocket socket;
    private final Links links;

    GroupDeletion(NetlinkSocket socket, Links links) {
        this.socket = socket;
        this.links = links;
    }

    /**
     * @throws IllegalArgumentException for {@code lo}
     */
    void delete(Set<Integer> indexes) {
        List<Link> before = links.list();
        Set<Integer> present = before.stream()
                .peek(link -> refuseLoopback(link, indexes))
                .map(Link::index)
                .filter(indexes::contains)
                .collect(Collectors.toSet());
        if (present.isEmpty()) {
            return;
        }
        long group = unusedGroup(before);
        assign(present, group);
        Set<Integer> members = members(group);
        if (!present.containsAll(members)) {
            throw new IllegalStateException("link group " + group + " holds foreign links: " + members);
        }
        // A link that left since is no loss, and an empty group would be ENODEV.
        if (!members.isEmpty()) {
            passOverGone(() -> socket.request(
                    NetlinkRequest.of(LinkRequest.RTM_DELLINK, LinkHeader.of(0), "delete", members.size() + " links")
                            .withAttributes(Attributes.of(IFLA_GROUP, group))));
        }
    }

    private void assign(Set<Integer> indexes, long group) {
        passOverGone(() -> socket.exchange(indexes.stream()
                .map(index -> LinkRequest.change(index, "set group of", Attributes.of(IFLA_GROUP, group)))
                .toList()));
    }

    private Set<Integer> members(long group) {
        return links.list().stream()
                .filter(link -> link.group() == group)
                .map(Link::index)
                .collect(Collectors.toSet());
    }

    private static long unusedGroup(List<Link> links) {
        Set<Long> used = links.stream().map(Link::group).collect(Collectors.toCollection(HashSet::new));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long group = 1L + RANDOM.nextInt(Integer.MAX_VALUE - 1);
            if (!used.contains(group)) {
                return group;
            }
        }
        throw new IllegalStateException("no unused link group found");
    }

    /** All refusals must be ENODEV: the first, and those suppressed in it. */
    private static void passOverGone(Runnable change) {
        try {
            change.run();
        } catch (NetlinkException failure) {
            boolean othersGone = List.of(failure.getSuppressed()).stream()
                    .allMatch(other -> other instanceof NetlinkException refusal && Links.isGone(refusal));
            if (!Links.isGone(failure) || !othersGone) {
                throw failure;
            }
        }
    }

    private static void refuseLoopback(Link link, Set<Integer> indexes) {
        if (link.isLoopback() && indexes.contains(link.index())) {
            throw new IllegalArgumentException("the loopback link cannot be deleted");
        }
    }
}
