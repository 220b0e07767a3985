package io.jnet.engine.firewall;

import io.jnet.engine.network.PublishPolicy;
import io.jnet.netlink.address.IpAddress;

/**
 * Who may come in to one container, beside what its network says.
 *
 * @param containerAddress the container's address
 * @param policy not one that lets everybody in
 */
public record Restriction(IpAddress containerAddress, PublishPolicy policy) implements PortRule {
    /**
     * @throws IllegalArgumentException when nobody is kept out
     */
    public Restriction {
        if (policy.admitsAll()) {
            throw new IllegalArgumentException("no restriction of " + containerAddress + ": everybody is let in");
        }
    }
}
