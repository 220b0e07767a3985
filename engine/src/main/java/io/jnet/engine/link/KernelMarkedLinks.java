package io.jnet.engine.link;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.neighbour.Neighbour;
import io.jnet.netlink.neighbour.Neighbours;
import java.util.List;
import java.util.Optional;

/** The marked links of this process's network namespace, over rtnetlink. */
public final class KernelMarkedLinks implements MarkedLinks {
    private final Links links;
    private final Neighbours neighbours;

    public KernelMarkedLinks(Links links, Neighbours neighbours) {
        this.links = links;
        this.neighbours = neighbours;
    }

    @Override
    public List<MarkedLink> inPlace() {
        return KernelCalls.get(() -> links.select(KernelMarkedLinks::marked));
    }

    @Override
    public void remove(MarkedLink link) {
        KernelCalls.run(() -> {
            boolean same = links.find(link.index())
                    .flatMap(KernelMarkedLinks::marked)
                    .filter(link::equals)
                    .isPresent();
            if (same) {
                links.delete(link.index());
            }
        });
    }

    @Override
    public void mark(MarkedLink link, String alias) {
        try {
            links.setAlias(link.index(), alias);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ENODEV)) {
                throw EngineException.kernel(e);
            }
        }
    }

    @Override
    public List<LearnedNeighbour> neighbours() {
        return KernelCalls.get(() -> neighbours.list().stream()
                .filter(Neighbour::isLearned)
                .flatMap(one -> one.mac().map(mac -> new LearnedNeighbour(one.link(), one.address(), mac)).stream())
                .toList());
    }

    private static Optional<MarkedLink> marked(Link link) {
        return link.alias()
                .flatMap(LinkMark::parse)
                .filter(mark -> isInPlace(link, mark) && InterfaceName.isValid(link.name()))
                .map(mark -> new MarkedLink(
                        new InterfaceName(link.name()),
                        link.index(),
                        mark,
                        shape(link),
                        link.mac(),
                        (int) link.mtu(),
                        link.isPromiscuous(),
                        link.master()));
    }

    private static MarkedLink.Shape shape(Link link) {
        LinkKind kind = link.kind().orElse(null);
        if (kind instanceof LinkKind.Bridge) {
            return MarkedLink.Shape.BRIDGE;
        }
        return kind instanceof LinkKind.Veth ? MarkedLink.Shape.VETH : MarkedLink.Shape.OTHER;
    }

    /**
     * The kernel takes bridges and ifb links away with a container's namespace (net/core/dev.c, default_device_exit_net), and no runtime
     * takes one out of it before. What a runtime takes out, it makes a port of nothing.
     */
    private static boolean isInPlace(Link link, LinkMark mark) {
        LinkKind kind = link.kind().orElse(null);
        return switch (mark.owner()) {
            case NETWORK -> kind instanceof LinkKind.Bridge;
            case ENDPOINT -> link.master().isPresent() || (kind instanceof LinkKind.Ifb && link.isUp());
        };
    }
}
