package io.jnet.engine.upkeep;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.FirewallState;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.InstalledRulesets;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.flow.Flows;
import io.jnet.engine.forwarding.LoopbackRouting;
import io.jnet.engine.link.BridgePlan;
import io.jnet.engine.link.BridgeState;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.operation.EndpointOperations;
import io.jnet.engine.operation.NetworkOperations;
import io.jnet.engine.operation.Parts;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.publish.PublishedPorts;
import io.jnet.engine.resolve.Resolvers;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.surroundings.BridgeAdoptions;
import io.jnet.engine.surroundings.HostPreparation;
import io.jnet.engine.surroundings.OtherFirewalls;
import io.jnet.engine.work.Notes;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the kernel in line with the store at start, before any request is answered.
 *
 * <p>In the namespace and boot that the store knows, links and rules outlived the daemon and are left as they are, as far as they are
 * right. After a reboot, or when that namespace is gone, nothing outlived: networks are built again, since no runtime asks for them again;
 * endpoints are forgotten, since their containers are gone.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** The container is gone, and a runtime that asks for the rest of it is content with finding nothing. */
    private static final Set<EndpointState> GOING = Set.of(EndpointState.LEFT, EndpointState.DELETING);

    private final StateStore store;
    private final Naming naming;
    private final InstalledRulesets rulesets;
    private final LinkLayer links;
    private final Firewall firewall;
    private final ForwardAdmission admission;
    private final Flows flows;
    private final HostPreparation preparation;
    private final LoopbackRouting loopback;
    private final PublishedPorts ports;
    private final Desired desired;
    private final BridgeAdoptions adoptions;
    private final NetworkOperations networks;
    private final EndpointOperations endpoints;
    private final EndpointUpkeep upkeep;
    private final LinkUpkeep linkUpkeep;
    private final Notes notes;
    private final OtherFirewalls firewalls;
    private final Resolvers resolvers;

    public Recovery(
            Parts parts,
            InstalledRulesets rulesets,
            NetworkOperations networks,
            EndpointOperations endpoints,
            EndpointUpkeep upkeep,
            LinkUpkeep linkUpkeep,
            Notes notes) {
        this.store = parts.store();
        this.naming = parts.naming();
        this.rulesets = rulesets;
        this.links = parts.links();
        this.firewall = parts.firewall();
        this.admission = parts.admission();
        this.flows = parts.flows();
        this.preparation = parts.preparation();
        this.loopback = parts.loopback();
        this.ports = parts.ports();
        this.desired = parts.desired();
        this.adoptions = parts.adoptions();
        this.networks = networks;
        this.endpoints = endpoints;
        this.upkeep = upkeep;
        this.linkUpkeep = linkUpkeep;
        this.notes = notes;
        this.firewalls = parts.firewalls();
        this.resolvers = parts.resolvers();
    }

    /** @param namespace the key of the network namespace and boot that this process is in */
    public void run(String namespace) {
        if (!store.read(state -> state.identity()).namespace().equals(namespace)) {
            forgetKernelObjects(namespace);
        }
        dropVanishedEndpoints();
        List<Network> remaining = store.read(state -> state.networks());
        remaining.stream()
                .filter(network -> network.state() != NetworkState.READY)
                .forEach(this::removeHalfDone);
        List<Network> ready = remaining.stream()
                .filter(network -> network.state() == NetworkState.READY)
                .toList();
        if (ready.isEmpty()) {
            attempt("remove rules that no network needs", this::removeOwnRules);
            return;
        }
        // First: the rules say what a zone firewall lets through.
        attempt("look at the host's other firewalls", firewalls::follow);
        ready.stream().filter(this::hasWholeBridge).forEach(resolvers::resume);
        FirewallState ruleset = desired.ruleset();
        firewall.install(ruleset);
        // Rules that went while no daemon ran left flows behind that were not translated.
        attempt("end flows of before", () -> flows.settle(Publication.among(ruleset.ports()), List.of()));
        ready.forEach(this::rebuild);
        attempt("put ports back into their bridges", linkUpkeep::mend);
        attempt("have the host forward for jnet", preparation::resume);
        attempt("have the host's FORWARD chains admit jnet", admission::admit);
        attempt("have 127.0.0.1 reach published ports", loopback::follow);
        for (Endpoint endpoint : store.read(state -> state.endpoints())) {
            ports.restore(endpoint);
            attempt("put endpoint " + endpoint.id() + " into its VLANs", () -> upkeep.mendVlans(endpoint));
            attempt("shape the traffic of endpoint " + endpoint.id(), () -> upkeep.mendShaping(endpoint));
        }
    }

    /** Of a ruleset that was saved when there were networks, and loaded at boot: its ports would be taken from the host. */
    private void removeOwnRules() {
        if (rulesets.owners().containsValue(naming.rulesetOwner())) {
            firewall.uninstall();
        }
    }

    /** After a reboot: links, rules, settings and containers went with the kernel that had them. */
    private void forgetKernelObjects(String namespace) {
        store.change(state -> {
            state.endpoints().forEach(endpoint -> state.remove(endpoint.id()));
            state.changedSettings().forEach(state::remove);
            state.networks().forEach(network -> network.adopted()
                    .ifPresent(adoption -> state.put(network.adopting(adoption.gone()))));
            state.put(state.identity().in(namespace));
        });
        LOG.info("the host was started anew: building all networks again");
    }

    /** Ends what a crash left half done, and what lost its container while no daemon ran. */
    private void dropVanishedEndpoints() {
        Set<InterfaceName> live = links.live();
        for (Endpoint endpoint : store.read(state -> state.endpoints())) {
            boolean vanished = endpoint.state() == EndpointState.JOINED && !live.contains(endpoint.hostLink());
            boolean unfinished = endpoint.isOnForeignLink() && endpoint.state() == EndpointState.JOINING;
            if (vanished || unfinished || GOING.contains(endpoint.state())) {
                attempt("remove endpoint " + endpoint.id(), () -> endpoints.remove(endpoint));
            } else if (endpoint.state() == EndpointState.JOINING) {
                // The runtime never got an answer to its join: it asks again, or deletes the endpoint.
                attempt("undo the join of endpoint " + endpoint.id(), () -> endpoints.undoJoin(endpoint));
            }
        }
    }

    private void removeHalfDone(Network network) {
        attempt("remove network " + network.id(), () -> networks.remove(network));
    }

    private boolean hasWholeBridge(Network network) {
        return network.hasBridge() && links.bridge(desired.bridge(network).identity()) == BridgeState.UP;
    }

    private void rebuild(Network network) {
        attempt("build network " + network.displayName(), () -> {
            try {
                build(network);
            } catch (EngineException e) {
                // The status says at all times which bridges are missing, so no note is made of that here.
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
                LOG.error(e.getMessage());
            }
        });
    }

    private void build(Network network) {
        if (network.adopted().isPresent()) {
            adoptions.resume(network);
        } else if (network.hasBridge()) {
            BridgePlan bridge = desired.bridge(network);
            boolean gone = links.bridge(bridge.identity()) == BridgeState.ABSENT;
            links.buildBridge(bridge);
            if (gone) {
                adoptions.reconnect(network);
            }
            resolvers.serve(network);
        }
    }

    /** One object that cannot be brought in line does not keep the others from it. */
    private void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (EngineException e) {
            String note = "cannot " + what + ": " + e.getMessage();
            notes.add(note);
            LOG.error(note);
        }
    }
}
