package io.jnet.engine.operation;

import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.flow.Flows;
import io.jnet.engine.forwarding.LoopbackRouting;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.OwnLinks;
import io.jnet.engine.link.PortVlans;
import io.jnet.engine.link.Shaper;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.publish.PublishedPorts;
import io.jnet.engine.resolve.Resolvers;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.surroundings.BridgeAdoptions;
import io.jnet.engine.surroundings.HostPreparation;
import io.jnet.engine.surroundings.OtherFirewalls;
import io.jnet.engine.work.Locks;

/** What the operations of one engine share. */
public record Parts(
        StateStore store,
        Naming naming,
        Locks locks,
        LinkLayer links,
        OwnLinks ownLinks,
        Shaper shaper,
        PortVlans portVlans,
        Firewall firewall,
        ForwardAdmission admission,
        HostPreparation preparation,
        LoopbackRouting loopback,
        PublishedPorts ports,
        Flows flows,
        BridgeAdoptions adoptions,
        Desired desired,
        OtherFirewalls firewalls,
        Resolvers resolvers) {}
