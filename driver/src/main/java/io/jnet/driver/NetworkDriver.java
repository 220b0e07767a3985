package io.jnet.driver;

import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.plugin.Subsystem;
import java.util.function.Predicate;

/** The NetworkDriver protocol on an engine. */
public final class NetworkDriver {
    private NetworkDriver() {}

    /** The protocol's methods, for a plugin to answer, where all endpoints are Docker's. */
    public static Subsystem on(Engine engine) {
        return on(engine, endpoint -> false);
    }

    /**
     * The protocol's methods, for a plugin to answer.
     *
     * @param others whether an endpoint is none of Docker's, which knows nothing of it
     */
    public static Subsystem on(Engine engine, Predicate<Endpoint> others) {
        return new Subsystem("NetworkDriver", new NetworkDriverMethods(engine, others).routes());
    }
}
