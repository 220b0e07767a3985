package io.jnet.engine.flow;

import io.jnet.engine.firewall.Publication;
import java.util.List;

/** The host's flows, as far as published ports are concerned. */
public interface Flows {
    /**
     * Ends the flows that began before the rules were as they are now: to published ports, and led elsewhere; or to withdrawn ports, and
     * led to their container. All others go on, and so does TCP. One look at the table for each protocol and address family that is
     * concerned; none for TCP alone. Called after the rules have changed, or a packet could renew what was ended.
     *
     * @throws io.jnet.engine.failure.EngineException with {@code KERNEL} when the kernel refuses; what could be ended has ended
     */
    void settle(List<Publication> published, List<Publication> withdrawn);
}
