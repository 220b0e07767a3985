package io.jnet.engine.link;

import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.IfbCreation;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.qdisc.Filter;
import io.jnet.netlink.qdisc.Filters;
import io.jnet.netlink.qdisc.Qdisc;
import io.jnet.netlink.qdisc.Qdiscs;
import io.jnet.netlink.qdisc.TokenBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Token bucket filters on the links of this process's network namespace.
 *
 * <pre>
 * to the container:    bridge -> host's end of the veth pair [tbf] -> container
 * from the container:  container -> host's end [filter u32, action mirred] -> ifb link [tbf] -> host's end -> bridge
 * </pre>
 *
 * <p>A link delays what it sends only, so what the container sends goes through an ifb link, which hands it back to the host's end; bridge
 * and ruleset see it come from there as without it. The other choice, a tbf on the container's own end, would be the container's to remove.
 */
public final class KernelShaper implements Shaper {
    /** "jn" in ASCII: other programs' filters are usually asked before it or take the kernel's choice, from 0xc000 down. */
    static final int FILTER_PRIORITY = 0x6a6e;

    private static final Duration LATENCY = Duration.ofMillis(25);
    /** What a link has until somebody gives it something else. */
    private static final Set<String> DEFAULT_KINDS =
            Set.of("noqueue", "pfifo_fast", "mq", "fq_codel", "fq", "pfifo", "sfq", "cake");
    /** An Ethernet header and two VLAN tags. */
    private static final int FRAME_OVERHEAD = 22;

    private final Links links;
    private final Qdiscs qdiscs;
    private final Filters filters;
    private final SharedDeletion deletion;

    /**
     * @param socket a route socket of its own, so that nobody waits while a link's queue is exchanged
     */
    public KernelShaper(NetlinkSocket socket, OwnDeletions own) {
        this.links = Links.over(socket);
        this.qdiscs = Qdiscs.over(socket);
        this.filters = Filters.over(socket);
        this.deletion = new SharedDeletion(links, own);
    }

    @Override
    public void shape(ShapingPlan given) {
        KernelCalls.run(() -> {
            Link link = links.find(given.hostLink())
                    .orElseThrow(() -> new EngineException(ErrorCode.KERNEL, "link " + given.hostLink() + " is gone"));
            ShapingPlan plan = forLink(given, link);
            int host = link.index();
            plan.bandwidth().ingress().ifPresent(limit -> delay(host, bucket(limit, plan)));
            plan.bandwidth().egress().ifPresent(limit -> {
                Link shaper = shaper(plan);
                delay(shaper.index(), bucket(limit, plan));
                if (!shaper.isUp()) {
                    links.setUp(shaper.index());
                }
                redirect(host, shaper.index());
            });
        });
    }

    @Override
    public void requireFree(ShapingPlan plan) {
        KernelCalls.run(() -> {
            Optional<Integer> host = links.find(plan.hostLink()).map(Link::index);
            host.filter(link -> plan.bandwidth().ingress().isPresent())
                    .flatMap(qdiscs::root)
                    .filter(queue -> !DEFAULT_KINDS.contains(queue.kind()))
                    .ifPresent(queue -> {
                        throw EngineException.conflict("link " + plan.hostLink() + " has a " + queue.kind()
                                + " queue already: two programs would keep its rate");
                    });
            host.filter(link -> plan.bandwidth().egress().isPresent())
                    .filter(link -> !filters.ingress(link).isEmpty())
                    .ifPresent(link -> {
                        throw EngineException.conflict("link " + plan.hostLink()
                                + " has filters for what it receives already: two programs would keep its rate");
                    });
        });
    }

    /** The MTU of what is another program's is that one's to set. */
    private static ShapingPlan forLink(ShapingPlan plan, Link link) {
        return plan.foreign() ? plan.withMtu((int) link.mtu()) : plan;
    }

    @Override
    public void unshape(ShapingPlan given) {
        KernelCalls.run(() -> {
            Optional<Link> foreign = links.find(given.hostLink()).filter(link -> given.foreign());
            ShapingPlan plan = foreign.map(link -> forLink(given, link)).orElse(given);
            foreign.ifPresent(link -> giveBack(link.index(), plan));
            plan.shaper()
                    .flatMap(links::find)
                    .filter(present -> isOwn(present, plan))
                    .ifPresent(present -> deletion.delete(present.index()));
        });
    }

    private void giveBack(int host, ShapingPlan plan) {
        plan.bandwidth()
                .ingress()
                .filter(limit -> isDelayed(host, bucket(limit, plan)))
                .ifPresent(limit -> qdiscs.deleteRoot(host));
        if (plan.bandwidth().egress().isPresent()
                && filters.deleteIngress(host, FILTER_PRIORITY)
                && filters.ingress(host).isEmpty()) {
            qdiscs.deleteIngress(host);
        }
    }

    @Override
    public Optional<String> difference(ShapingPlan given) {
        return KernelCalls.get(() -> {
            Optional<Link> host = links.find(given.hostLink());
            if (host.isEmpty()) {
                return Optional.of("link " + given.hostLink() + " is gone");
            }
            ShapingPlan plan = forLink(given, host.get());
            return plan.bandwidth()
                    .ingress()
                    .flatMap(limit -> delayDifference(host.get(), limit, plan))
                    .or(() -> plan.bandwidth().egress().flatMap(limit -> egressDifference(host.get(), limit, plan)));
        });
    }

    private Optional<String> egressDifference(Link host, RateLimit limit, ShapingPlan plan) {
        InterfaceName name = plan.shaper().orElseThrow();
        Optional<Link> shaper = links.find(name).filter(present -> isOwn(present, plan));
        if (shaper.isEmpty()) {
            return Optional.of("link " + name + " is gone");
        }
        if (!shaper.get().isUp()) {
            return Optional.of("link " + name + " is down");
        }
        if (!isRedirected(host.index(), shaper.get().index())) {
            return Optional.of("link " + plan.hostLink() + " has lost its filter to " + name);
        }
        return delayDifference(shaper.get(), limit, plan);
    }

    private Optional<String> delayDifference(Link link, RateLimit limit, ShapingPlan plan) {
        return isDelayed(link.index(), bucket(limit, plan))
                ? Optional.empty()
                : Optional.of("link " + link.name() + " has lost its limit of " + limit.rate() + " bits/s");
    }

    private void delay(int link, TokenBucket bucket) {
        if (!isDelayed(link, bucket)) {
            required("token bucket filters", "NET_SCH_TBF", "sch_tbf", () -> {
                qdiscs.replaceRoot(link, bucket);
                return link;
            });
        }
    }

    private boolean isDelayed(int link, TokenBucket bucket) {
        return qdiscs.root(link)
                .flatMap(Qdisc::tokenBucket)
                .filter(bucket::isSameAs)
                .isPresent();
    }

    /** A burst of less than a whole frame would let no such frame pass, ever; packets that are to be cut into frames are cut. */
    private static TokenBucket bucket(RateLimit limit, ShapingPlan plan) {
        long frame = (long) plan.mtu() + FRAME_OVERHEAD;
        return TokenBucket.of(limit.bytesPerSecond(), Math.max(limit.burstBytes(), frame), LATENCY);
    }

    private Link shaper(ShapingPlan plan) {
        InterfaceName name = plan.shaper().orElseThrow();
        Optional<Link> present = links.find(name);
        if (present.isEmpty()) {
            return required(
                    "ifb links",
                    "IFB",
                    "ifb",
                    () -> links.create(new IfbCreation(name, plan.shaperMac(), plan.mtu(), plan.alias())));
        }
        if (!isOwn(present.get(), plan)) {
            throw EngineException.conflict("link " + name + " exists and is not jnet's: remove it");
        }
        if (present.get().alias().isEmpty()) {
            links.setAlias(present.get().index(), plan.alias());
        }
        return present.get();
    }

    private void redirect(int host, int shaper) {
        if (isRedirected(host, shaper)) {
            return;
        }
        required("ingress qdiscs", "NET_SCH_INGRESS", "sch_ingress", () -> qdiscs.addIngress(host));
        // One to a link that has gone drops all packets.
        filters.deleteIngress(host, FILTER_PRIORITY);
        try {
            filters.redirectIngress(host, FILTER_PRIORITY, shaper);
        } catch (NetlinkException refused) {
            throw withoutRedirection(refused);
        }
    }

    private boolean isRedirected(int host, int shaper) {
        return filters.ingress(host).stream()
                .filter(filter -> filter.priority() == FILTER_PRIORITY)
                .map(Filter::redirection)
                .anyMatch(OptionalInt.of(shaper)::equals);
    }

    /** Kernels since 4.16 say which of the two they lack (tcf_proto_lookup_ops, tcf_action_load_ops). */
    private static RuntimeException withoutRedirection(NetlinkException refused) {
        if (!isUnknown(refused)) {
            return refused;
        }
        if (refused.kernelText().contains("classifier not found")) {
            return unsupported("filters of the kind u32", "NET_CLS_U32", "cls_u32", refused);
        }
        if (refused.kernelText().contains("action module")) {
            return unsupported("the action mirred", "NET_ACT_MIRRED", "act_mirred", refused);
        }
        return unsupported(
                "filters of the kind u32 or the action mirred",
                "NET_CLS_U32, CONFIG_NET_CLS_ACT, CONFIG_NET_ACT_MIRRED",
                "-a cls_u32 act_mirred",
                refused);
    }

    private static <T> T required(String what, String configuration, String module, Supplier<T> request) {
        try {
            return request.get();
        } catch (KernelException refused) {
            throw isUnknown(refused) ? unsupported(what, configuration, module, refused) : refused;
        }
    }

    /** ENOENT for a kind that is not known, EOPNOTSUPP for a whole subsystem or a kind of link. */
    private static boolean isUnknown(KernelException refused) {
        return refused.errno().equals(Errno.ENOENT) || refused.errno().equals(Errno.EOPNOTSUPP);
    }

    private static EngineException unsupported(
            String what, String configuration, String module, KernelException refused) {
        return new EngineException(
                ErrorCode.UNSUPPORTED,
                "cannot %s %s: this kernel lacks %s (CONFIG_%s): load them (modprobe %s) or boot a kernel that has them"
                        .formatted(refused.operation(), refused.object(), what, configuration, module),
                refused);
    }

    private static boolean isOwn(Link link, ShapingPlan plan) {
        return link.kind().orElse(null) instanceof LinkKind.Ifb
                && plan.shaper()
                        .map(name -> new LinkIdentity(name, plan.shaperMac(), plan.alias()))
                        .filter(shaper -> shaper.isOf(link))
                        .isPresent();
    }
}
