package io.jnet.driver;

import io.jnet.engine.Engine;
import io.jnet.plugin.Subsystem;

/** The NetworkDriver protocol on an engine. */
public final class NetworkDriver {
    private NetworkDriver() {}

    /** The protocol's methods, for a plugin to answer. */
    public static Subsystem on(Engine engine) {
        return new Subsystem("NetworkDriver", new NetworkDriverMethods(engine).routes());
    }
}
