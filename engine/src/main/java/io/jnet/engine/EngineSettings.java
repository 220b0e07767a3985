package io.jnet.engine;

import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.engine.host.Residence;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.resolve.Directory;
import io.jnet.engine.resolve.NameService;
import java.util.function.Function;

/**
 * What the host's owner says to an engine, and where it runs.
 *
 * @param publish whom networks and containers may let in at most
 * @param zones opens what speaks to the host's zone firewall, given what is to be told of its changes; it must cost nothing where there is
 *     none
 * @param names makes what answers names of what it is given; it must cost little where there is no network
 * @param residence where the process lives
 */
public record EngineSettings(
        PublishPolicy publish,
        Function<Runnable, ZoneFirewall> zones,
        Function<Directory, NameService> names,
        Residence residence) {
    /** Everybody is let in; zone firewalls are not known; names are not answered. */
    public static final EngineSettings DEFAULT = new EngineSettings(
            PublishPolicy.OPEN, changed -> ZoneFirewall.NONE, directory -> NameService.NONE, Residence.HOST);
}
