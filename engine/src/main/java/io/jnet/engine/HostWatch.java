package io.jnet.engine;

import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.FirewallState;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.flow.Flows;
import io.jnet.engine.host.HostChanges;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.store.StateStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what others change on the host while there are networks: a Docker engine that starts after jnet sets the policy of the FORWARD
 * chain and has the host forward, a firewall is flushed, an interface comes, a bridge becomes an uplink, a container's namespace goes
 * without a word from its runtime.
 */
final class HostWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
    private static final int CLOSING_MILLISECONDS = 5000;
    private static final int REST_PER_WORK = 4;
    private static final Duration LONGEST_REST = Duration.ofMillis(500);
    /** What failed is tried again without a change. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final Duration UNDISTURBED = Duration.ofHours(1);

    private final StateStore store;
    private final Locks locks;
    private final Desired desired;
    private final Firewall firewall;
    private final ForwardAdmission admission;
    private final Flows flows;
    private final BridgeAdoptions adoptions;
    private final EndpointUpkeep endpoints;
    private final HostPreparation preparation;
    private final HostChanges changes;
    /** Why the ruleset could not be put back the last time that it was away; empty when it could. */
    private volatile Optional<String> refusal = Optional.empty();

    private final Thread thread = new Thread(this::run, "jnet-host-watch");

    HostWatch(Parts parts, EndpointUpkeep endpoints, HostChanges changes) {
        this.endpoints = endpoints;
        this.store = parts.store();
        this.locks = parts.locks();
        this.desired = parts.desired();
        this.firewall = parts.firewall();
        this.admission = parts.admission();
        this.flows = parts.flows();
        this.preparation = parts.preparation();
        this.adoptions = parts.adoptions();
        this.changes = changes;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        changes.close();
        try {
            thread.join(CLOSING_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        String reported = "";
        while (changes.await(reported.isEmpty() ? UNDISTURBED : RETRY)) {
            long begun = System.nanoTime();
            try {
                locks.withHost(() -> {
                    follow();
                    return this;
                });
                reported = "";
            } catch (RuntimeException e) {
                // Whatever it was, it is tried again.
                if (!reported.equals(e.toString())) {
                    LOG.error("cannot follow a change of the host: {}", e.toString());
                    reported = e.toString();
                }
            }
            rest(System.nanoTime() - begun);
        }
    }

    /** With thousands of links a look takes a tenth of a second: it must not be what the daemon does most of the time. */
    private static void rest(long worked) {
        LockSupport.parkNanos(Math.min(REST_PER_WORK * worked, LONGEST_REST.toNanos()));
    }

    private void follow() {
        List<Network> ready = store.read(state -> state.networks()).stream()
                .filter(network -> network.state() == NetworkState.READY)
                .toList();
        if (ready.isEmpty()) {
            return;
        }
        Teardown steps = new Teardown();
        steps.step(this::mendRuleset);
        steps.step(admission::admit);
        steps.step(adoptions::followReturned);
        steps.step(endpoints::removeVanished);
        steps.step(endpoints::mendShaping);
        steps.step(preparation::follow);
        // Compared with what the kernel has: another hand may have changed that.
        steps.step(() -> firewall.setSurroundings(desired.surroundings()));
        steps.finish();
    }

    /** That the ruleset was removed by somebody else and could not be put back, and why; empty when it is there. */
    Optional<String> missingRuleset() {
        return refusal.filter(why -> !firewall.isInstalled())
                .map(why -> "the ruleset of jnet was removed by somebody else and cannot be installed again: " + why);
    }

    private void mendRuleset() {
        if (firewall.isInstalled()) {
            refusal = Optional.empty();
            return;
        }
        locks.withRules(() -> {
            FirewallState ruleset = desired.ruleset();
            install(ruleset);
            // What began while the rules were away was not translated.
            flows.settle(Publication.among(ruleset.ports()), List.of());
            return this;
        });
        LOG.warn("the ruleset was removed by somebody else: installed again");
    }

    private void install(FirewallState ruleset) {
        try {
            firewall.install(ruleset);
            refusal = Optional.empty();
        } catch (EngineException e) {
            refusal = Optional.of(e.getMessage());
            throw e;
        }
    }
}
