package io.jnet.engine.watch;

import static io.jnet.netlink.RouteMessage.RTM_DELADDR;
import static io.jnet.netlink.RouteMessage.RTM_DELLINK;
import static io.jnet.netlink.RouteMessage.RTM_DELROUTE;
import static io.jnet.netlink.RouteMessage.RTM_NEWADDR;
import static io.jnet.netlink.RouteMessage.RTM_NEWLINK;
import static io.jnet.netlink.RouteMessage.RTM_NEWNETCONF;
import static io.jnet.netlink.RouteMessage.RTM_NEWROUTE;

import io.jnet.engine.link.OwnDeletions;
import io.jnet.netlink.NetlinkGroup;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkMonitor;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.netconf.NetworkConfiguration;
import io.jnet.netlink.nftables.NftablesMessage;
import io.jnet.netlink.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Changes of rules, links, default routes and forwarding, from the kernel's multicast groups. Listens from its creation on. */
public final class KernelChanges implements HostChanges {
    /** How long changes are collected: iptables makes one transaction for each rule that dockerd adds. */
    private static final long COLLECTING_MILLISECONDS = 20;

    /** The same for damage: an {@code nft flush ruleset} or the end of a bridge is told in one piece. */
    private static final long HURRYING_MILLISECONDS = 2;

    /** When the host is looked at after jnet itself has deleted a link, in case that more was to be done and failed. */
    private static final long OWN_DELETIONS_SECONDS = 5;

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /**
     * Elements of sets change with every published port, and never where jnet has to look; the end of a transaction (NFT_MSG_NEWGEN) is told
     * of those too.
     */
    private static final Set<Integer> PASSED_OVER = Set.of(
            NftablesMessage.NFT_MSG_NEWSETELEM, NftablesMessage.NFT_MSG_DELSETELEM, NftablesMessage.NFT_MSG_NEWGEN);

    private final NetlinkMonitor rules;
    private final NetlinkMonitor links;
    private final Semaphore changed = new Semaphore(0);
    /** Has a permit for what is likely to be somebody's damage, beside the one in {@link #changed}. */
    private final Semaphore urgent = new Semaphore(0);

    private final RemovalWitness witness = new RemovalWitness();
    private final OwnDeletions own;
    private final LinkNews news = new LinkNews();
    private final AtomicBoolean lookingLater = new AtomicBoolean();
    private volatile boolean closed;

    private KernelChanges(NetlinkMonitor rules, NetlinkMonitor links, OwnDeletions own) {
        this.rules = rules;
        this.links = links;
        this.own = own;
    }

    /**
     * Listens to the calling thread's network namespace.
     *
     * @param own what jnet itself deletes in it
     */
    public static KernelChanges open(OwnDeletions own) {
        NetlinkMonitor rules = NetlinkMonitor.open(NetlinkProtocol.NETFILTER, List.of(NetlinkGroup.NFNLGRP_NFTABLES));
        try {
            NetlinkMonitor links = NetlinkMonitor.open(
                    NetlinkProtocol.ROUTE,
                    List.of(
                            NetlinkGroup.RTNLGRP_LINK,
                            NetlinkGroup.RTNLGRP_IPV4_IFADDR,
                            NetlinkGroup.RTNLGRP_IPV6_IFADDR,
                            NetlinkGroup.RTNLGRP_IPV4_ROUTE,
                            NetlinkGroup.RTNLGRP_IPV6_ROUTE,
                            NetlinkGroup.RTNLGRP_IPV4_NETCONF,
                            NetlinkGroup.RTNLGRP_IPV6_NETCONF));
            KernelChanges changes = new KernelChanges(rules, links, own);
            changes.listen("jnet-rule-events", rules, changes::concernsRules, () -> {});
            changes.listen("jnet-link-events", links, changes::concernsLinks, changes.news::forget);
            return changes;
        } catch (RuntimeException e) {
            rules.close();
            throw e;
        }
    }

    @Override
    public boolean await(Duration longest) {
        try {
            if (changed.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS) && !closed) {
                collect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    @Override
    public boolean rest(Duration longest) {
        try {
            return isUrgentWithin(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Optional<String> remover() {
        return witness.take();
    }

    @Override
    public void announce() {
        changed.release();
    }

    @Override
    public void close() {
        closed = true;
        rules.close();
        links.close();
        changed.release();
        urgent.release();
    }

    private void collect() {
        try {
            if (isUrgentWithin(Duration.ofMillis(COLLECTING_MILLISECONDS))) {
                TimeUnit.MILLISECONDS.sleep(HURRYING_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        changed.drainPermits();
        urgent.drainPermits();
        if (closed) {
            changed.release();
        }
    }

    /** Stays urgent until it has been collected. */
    private boolean isUrgentWithin(Duration longest) throws InterruptedException {
        boolean damage = urgent.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        if (damage) {
            urgent.release();
        }
        return damage;
    }

    private void listen(String name, NetlinkMonitor monitor, Predicate<NetlinkMessage> concerns, Runnable lost) {
        Thread thread = new Thread(
                new EventListener(monitor::receive, concerns, lost, changed::release, () -> closed, AFTER_FAILURE),
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private boolean concernsRules(NetlinkMessage message) {
        if (witness.hear(message)) {
            urgent.release();
        }
        int type = message.type();
        return type >> Byte.SIZE == NftablesMessage.NFNL_SUBSYS_NFTABLES && !PASSED_OVER.contains(type);
    }

    private boolean concernsLinks(NetlinkMessage message) {
        return switch (message.type()) {
            case RTM_NEWLINK -> {
                Link link = Link.decode(message);
                boolean said = news.isNew(link);
                yield !own.contains(link.index()) && (hurrying(LinkDamage.isSpoiled(link)) || said);
            }
            // May have been a container's.
            case RTM_DELLINK -> {
                Link link = Link.decode(message);
                news.end(link);
                if (own.contains(link.index())) {
                    ended(link);
                    yield false;
                }
                hurrying(LinkDamage.isBridge(link));
                yield true;
            }
            case RTM_DELADDR -> hurrying(true);
            case RTM_NEWADDR -> true;
            case RTM_NEWROUTE, RTM_DELROUTE -> Route.decode(message).isDefault();
            case RTM_NEWNETCONF -> isOfForwarding(NetworkConfiguration.decode(message));
            default -> false;
        };
    }

    /** A bridge's port is first told of as no port any more, and then as no link. */
    private void ended(Link link) {
        if (!link.isToldByBridge()) {
            own.end(link.index());
            lookLater();
        }
    }

    private void lookLater() {
        if (lookingLater.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(OWN_DELETIONS_SECONDS, TimeUnit.SECONDS, Runnable::run)
                    .execute(() -> {
                        lookingLater.set(false);
                        changed.release();
                    });
        }
    }

    private boolean hurrying(boolean damage) {
        if (damage) {
            urgent.release();
        }
        return damage;
    }

    /** That single interfaces begin to forward is jnet's own doing, or their owner's word, which holds; that they end to is told. */
    private static boolean isOfForwarding(NetworkConfiguration change) {
        boolean off = !change.isOfNewInterface() && change.forwarding().equals(Optional.of(false));
        return off || (change.isWholeNamespace() && change.forwarding().isPresent());
    }
}
