package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import java.util.List;

/**
 * What the engine wants of a packet filter. Every method takes effect as a whole or not at all, may be repeated with equal arguments
 * without further effect, and leaves connections that are under way alone.
 *
 * <p>All methods throw {@link EngineException} with {@code KERNEL} when the kernel refuses.
 */
public interface Firewall extends BridgePortFilter {
    /** Makes the rules exactly these, whatever they were before, in one step that no packet can see half done. */
    void install(FirewallState desired);

    /** Removes every rule, if there are any. */
    void uninstall();

    /** Whether the rules are there as they were installed, as far as sets and chains go: others can remove anything. */
    boolean isInstalled();

    /** Makes what installed rules know of the rest of the host exactly this: its other bridges, guarded interfaces, and what other firewalls let through. */
    void setSurroundings(Surroundings surroundings);

    /** Makes what installed rules know of resolvers at other ports than 53 exactly this. */
    void setMovedResolvers(List<MovedResolver> resolvers);

    /** Adds a network to installed rules. */
    void addNetwork(NetworkRules network);

    /**
     * Removes a network; what is absent already is no error.
     *
     * @param successors others that have ranges or the bridge of it by now, and keep what is theirs as well
     */
    void removeNetwork(NetworkRules network, List<NetworkRules> successors);

    /**
     * Lets ports in, all of them or none. Callers see to it that ranges do not overlap.
     *
     * @throws EngineException with {@code CONFLICT} when a host port leads elsewhere already
     */
    void publish(List<? extends PortRule> ports);

    /** Withdraws published ports; what is absent already is no error. */
    void unpublish(List<? extends PortRule> ports);
}
