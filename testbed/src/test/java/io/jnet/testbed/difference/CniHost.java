package io.jnet.testbed.difference;

import io.jnet.testbed.machine.Lab;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A host whose CNI plugins are looked at. */
public interface CniHost {
    /** The network around. */
    Lab lab();

    /**
     * Puts a container on a network.
     *
     * @param container also the name of its network namespace
     * @return the result
     * @throws IllegalStateException when it is refused
     */
    JsonNode add(CniCase given, String network, String container);

    /**
     * Makes the host what it was before.
     *
     * @param containers their names, and the network that each was put on
     */
    void clean(Map<String, String> containers);
}
