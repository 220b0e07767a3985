package io.jnet.engine.link;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The links that the engine makes: one bridge a network, one veth pair an endpoint. */
public interface LinkLayer {

    /**
     * Makes the bridge of a network as planned and sets it up; one that is there already and is the plan's is mended instead.
     * Nothing is left when this throws for a bridge that was not there.
     *
     * @throws io.jnet.engine.failure.EngineException with {@code CONFLICT} when a link of the name is another one
     */
    void buildBridge(BridgePlan plan);

    /** What is there by the name of a bridge. */
    BridgeState bridge(LinkIdentity bridge);

    /** Removes a bridge; does nothing when it is absent. Refuses, with {@code CONFLICT}, another link of its name. */
    void removeBridge(LinkIdentity bridge);

    /**
     * Makes a veth pair: the host's end on the bridge and up, the peer in the host's namespace and down. What is left of an earlier pair
     * of the plan's is removed first. Nothing is left when this throws.
     *
     * @throws io.jnet.engine.failure.EngineException with {@code EXHAUSTED} when the bridge has no port left
     */
    void buildVeth(VethPlan plan);

    /**
     * Removes a veth pair by its host's end, and what the host knows of the container's addresses; does nothing when they are absent.
     * Refuses, with {@code CONFLICT}, another link's name.
     */
    void removeVeth(VethPlan plan);

    /**
     * The names of the links in the host's namespace, but host's ends of veth pairs whose peer was in use and is back: their container has
     * gone, and its runtime took the peer out.
     */
    Set<InterfaceName> live();

    /** The link by which the host's packets to an address leave; empty when there is no route. */
    Optional<InterfaceName> towards(IpAddress address);

    /**
     * The links by which the host itself may reach others: neither loopback nor port of a bridge, nor the end of a pair or tunnel of a
     * guest, which has no address on the host. The engine's own bridges are among them.
     */
    Set<HostLink> standalone();

    /** All bridges of the host, the engine's own among them. */
    List<HostBridge> bridges();
}
