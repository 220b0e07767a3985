package io.jnet.engine.firewall;

/**
 * What a packet filter knows of single endpoints: of those whose network treats their frames in another way than all others'. Both methods
 * take effect as a whole or not at all, and may be repeated.
 *
 * <p>They throw {@link io.jnet.engine.failure.EngineException} with {@code KERNEL} when the kernel refuses.
 */
public interface BridgePortFilter {
    /** Adds an endpoint's port to installed rules, before it exists. */
    void addBridgePort(BridgePortRules port);

    /** Removes an endpoint's port; what is absent already is no error. */
    void removeBridgePort(BridgePortRules port);
}
