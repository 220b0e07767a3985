package io.jnet.engine.upkeep;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.FirewallState;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.ForwardCoexistence;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.flow.Flows;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.operation.NetworkOperations;
import io.jnet.engine.operation.Parts;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.resolve.Resolvers;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.surroundings.BridgeAdoptions;
import io.jnet.engine.surroundings.HostPreparation;
import io.jnet.engine.surroundings.OtherFirewalls;
import io.jnet.engine.watch.HostChanges;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Mends;
import io.jnet.engine.work.Teardown;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what others change on the host while there are networks: a Docker engine that starts after jnet sets the policy of the FORWARD
 * chain and has the host forward, a firewall is flushed, an interface comes, a bridge becomes an uplink, a container's namespace goes
 * without a word from its runtime. And what others undo of jnet's own it mends.
 */
public final class HostWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
    private static final int CLOSING_MILLISECONDS = 5000;
    private static final int REST_PER_WORK = 4;
    private static final Duration LONGEST_REST = Duration.ofMillis(500);
    /** What failed is tried again without a change. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final Duration UNDISTURBED = Duration.ofHours(1);
    private static final Mends.Thing RULESET = Mends.Kind.RULESET.of("jnet");

    private final StateStore store;
    private final Locks locks;
    private final Desired desired;
    private final Firewall firewall;
    private final ForwardAdmission admission;
    private final Flows flows;
    private final BridgeAdoptions adoptions;
    private final OtherFirewalls firewalls;
    private final Mends mends;
    private final LinkUpkeep links;
    private final Resolvers resolvers;
    private final NetworkOperations networks;
    private final EndpointUpkeep endpoints;
    private final HostPreparation preparation;
    private final HostChanges changes;
    /** Why the ruleset could not be put back the last time that it was away; empty when it could. */
    private volatile Optional<String> refusal = Optional.empty();

    private final Thread thread = new Thread(this::run, "jnet-host-watch");

    public HostWatch(
            Parts parts,
            Mends mends,
            NetworkOperations networks,
            EndpointUpkeep endpoints,
            LinkUpkeep links,
            HostChanges changes) {
        this.mends = mends;
        this.links = links;
        this.resolvers = parts.resolvers();
        this.networks = networks;
        this.endpoints = endpoints;
        this.store = parts.store();
        this.locks = parts.locks();
        this.desired = parts.desired();
        this.firewall = parts.firewall();
        this.admission = parts.admission();
        this.flows = parts.flows();
        this.preparation = parts.preparation();
        this.adoptions = parts.adoptions();
        this.firewalls = parts.firewalls();
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

    /** Looks soon, though nobody has changed anything: something of jnet's own has failed and may be half done. */
    public void lookAgain() {
        changes.announce();
    }

    private void run() {
        Attempts removing = new Attempts("cannot end a removal that failed");
        Attempts following = new Attempts("cannot follow a change of the host");
        boolean hurried = false;
        boolean done = true;
        while (changes.await(done ? undisturbed() : RETRY)) {
            long begun = System.nanoTime();
            done = locks.withHost(() -> {
                boolean removed = removing.succeed(networks::removeHalfDone);
                return following.succeed(this::follow) && removed;
            });
            // What was tried in vain may have been heard as a change, even as damage.
            hurried = rest(done ? restAfter(System.nanoTime() - begun) : RETRY, hurried);
        }
    }

    /** What is tried until it succeeds, and told once. */
    private static final class Attempts {
        private final String what;
        private String told = "";

        Attempts(String what) {
            this.what = what;
        }

        boolean succeed(Runnable work) {
            try {
                work.run();
                told = "";
                return true;
            } catch (RuntimeException e) {
                // Whatever it was, it is tried again.
                if (!told.equals(e.toString())) {
                    LOG.error("{}: {}", what, e.toString());
                    told = e.toString();
                }
                return false;
            }
        }
    }

    private Duration undisturbed() {
        Duration calm = admission.isUnheard() ? ForwardCoexistence.PERIOD : UNDISTURBED;
        return mends.untilNext().filter(next -> next.compareTo(calm) < 0).orElse(calm);
    }

    /**
     * With thousands of links a look takes a tenth of a second, with a million routes some seconds: it must not be what the daemon does most
     * of the time. Damage does not wait for that, unless it follows on another.
     *
     * @param hurried whether the last rest was cut short
     * @return whether this one was
     */
    private boolean rest(Duration rest, boolean hurried) {
        if (hurried) {
            LockSupport.parkNanos(rest.toNanos());
            return false;
        }
        return changes.rest(rest);
    }

    private static Duration restAfter(long worked) {
        return Duration.ofNanos(Math.min(REST_PER_WORK * worked, Math.max(worked, LONGEST_REST.toNanos())));
    }

    private void follow() {
        List<Network> ready = store.read(state -> state.networks()).stream()
                .filter(network -> network.state() == NetworkState.READY)
                .toList();
        if (ready.isEmpty()) {
            return;
        }
        Optional<String> remover = changes.remover();
        Teardown steps = new Teardown();
        steps.step(() -> mendRuleset(remover));
        steps.step(() -> admission.admit((chain, again) -> mendAdmission(chain, again, remover)));
        // Before the surroundings, which say what it has found.
        steps.step(firewalls::follow);
        if (!mends.isLeft(RULESET)) {
            steps.step(() -> adoptions.follow(mends));
        }
        steps.step(links::mend);
        steps.step(resolvers::serveMissing);
        steps.step(endpoints::removeVanished);
        steps.step(endpoints::mendShaping);
        if (!mends.isLeft(RULESET)) {
            steps.step(preparation::follow);
            // Compared with what the kernel has: another hand may have changed that.
            steps.step(() -> firewall.setSurroundings(desired.surroundings()));
        }
        steps.finish();
    }

    /** That the ruleset was removed by somebody else and is not put back, and why; empty when it is there. */
    public Optional<String> missingRuleset() {
        boolean left = mends.isLeft(RULESET);
        if ((refusal.isEmpty() && !left) || firewall.isInstalled()) {
            return Optional.empty();
        }
        return Optional.of("the ruleset of jnet was removed by somebody else and "
                + (left
                        ? "is left so for a minute, since that was done again and again: see jnet status"
                        : "cannot be installed again: " + refusal.orElse("")));
    }

    private void mendRuleset(Optional<String> remover) {
        if (firewall.isInstalled()) {
            refusal = Optional.empty();
            return;
        }
        mends.mend(
                RULESET,
                "was removed",
                remover,
                () -> locks.withRules(() -> {
                    // The surroundings are looked at below, in any case.
                    FirewallState ruleset = desired.rulesetAsLastSeen();
                    install(ruleset);
                    // What began while the rules were away was not translated.
                    flows.settle(Publication.among(ruleset.ports()), List.of());
                    return true;
                }));
    }

    private void mendAdmission(String chain, Runnable again, Optional<String> remover) {
        mends.mend(Mends.Kind.FORWARD.of(chain), "was removed or put before others", remover, () -> {
            again.run();
            return true;
        });
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
