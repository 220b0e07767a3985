package io.jnet.engine;

import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.engine.network.PublishPolicy;
import java.util.function.Function;

/**
 * What the host's owner says to an engine.
 *
 * @param publish whom networks and containers may let in at most
 * @param zones opens what speaks to the host's zone firewall, given what is to be told of its changes; it must cost nothing where there is
 *     none
 */
public record EngineSettings(PublishPolicy publish, Function<Runnable, ZoneFirewall> zones) {
    /** Everybody is let in; zone firewalls are not known. */
    public static final EngineSettings DEFAULT = new EngineSettings(PublishPolicy.OPEN, changed -> ZoneFirewall.NONE);
}
