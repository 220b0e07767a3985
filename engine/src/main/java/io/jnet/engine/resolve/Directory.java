package io.jnet.engine.resolve;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import java.util.List;

/** Who is where at the moment: what names are answered from. Any thread may ask. */
public interface Directory {
    /** Another number after each change; cheap. What is read after it is at least as new. */
    long generation();

    /** All networks, those that come or go among them. */
    List<Network> networks();

    /** All endpoints, those that no container uses among them. */
    List<Endpoint> endpoints();
}
