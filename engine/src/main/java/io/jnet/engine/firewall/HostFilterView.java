package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;

/** Looks at the host's other packet filters. Changes nothing, starts nothing. */
public interface HostFilterView {
    /**
     * What is there at the moment; a look at the list of chains.
     *
     * @throws EngineException with {@code KERNEL} when the kernel refuses
     */
    HostFilters look();
}
