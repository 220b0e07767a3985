package io.jnet.engine;

import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.engine.host.Residence;
import io.jnet.engine.network.PublishPolicy;
import java.util.function.Function;

/**
 * What the host's owner says to an engine, and where it runs.
 *
 * @param publish whom networks and containers may let in at most
 * @param zones opens what speaks to the host's zone firewall, given what is to be told of its changes; it must cost nothing where there is
 *     none
 * @param residence where the process lives
 */
public record EngineSettings(PublishPolicy publish, Function<Runnable, ZoneFirewall> zones, Residence residence) {
    /** Everybody is let in; zone firewalls are not known. */
    public static final EngineSettings DEFAULT =
            new EngineSettings(PublishPolicy.OPEN, changed -> ZoneFirewall.NONE, Residence.HOST);
}
