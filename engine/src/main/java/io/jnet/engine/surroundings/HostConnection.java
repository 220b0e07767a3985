package io.jnet.engine.surroundings;

import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.HostFilterView;
import io.jnet.engine.firewall.InstalledRulesets;
import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.engine.flow.Flows;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.host.LivingNamespaces;
import io.jnet.engine.host.Sandboxes;
import io.jnet.engine.link.AdoptedBridges;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.MarkedLinks;
import io.jnet.engine.link.OwnLinks;
import io.jnet.engine.link.PortVlans;
import io.jnet.engine.link.Shaper;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.traffic.HostCounters;
import io.jnet.engine.watch.HostChanges;
import java.util.function.LongSupplier;

/**
 * The engine's ports to one host.
 *
 * @param namespace the key of the network namespace and boot that all the ports act in
 * @param clock nanoseconds from any beginning, never going back
 * @param release ends what the ports hold of the kernel
 */
public record HostConnection(
        String namespace,
        LinkLayer links,
        MarkedLinks markedLinks,
        OwnLinks ownLinks,
        Shaper shaper,
        PortVlans portVlans,
        AdoptedBridges adoptedBridges,
        Firewall firewall,
        InstalledRulesets rulesets,
        ForwardAdmission admission,
        HostFilterView filters,
        ZoneFirewall zones,
        HostSettings settings,
        HostPorts ports,
        Flows flows,
        HostCounters counters,
        HostChanges changes,
        Sandboxes sandboxes,
        LivingNamespaces namespaces,
        LongSupplier clock,
        Runnable release)
        implements AutoCloseable {

    @Override
    public void close() {
        release.run();
    }
}
