package io.jnet.engine;

import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.flow.Flows;
import io.jnet.engine.forwarding.LoopbackRouting;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.OwnLinks;
import io.jnet.engine.link.PortVlans;
import io.jnet.engine.link.Shaper;
import io.jnet.engine.store.StateStore;

/** What the operations of one engine share. */
record Parts(
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
