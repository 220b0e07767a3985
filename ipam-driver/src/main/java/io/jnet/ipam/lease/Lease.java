package io.jnet.ipam.lease;

import io.jnet.netlink.address.IpAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of an address that is or was leased.
 *
 * @param address the address
 * @param state who has it
 * @param purpose what for
 * @param owner the container's name or MAC address, where it is known
 * @param since when that began
 * @param order the number of its release; 0 while leased
 * @param seenIn the network namespace that was last seen to have it; absent: none since it was leased
 * @param boot the boot of the host in which it was leased
 */
public record Lease(
        IpAddress address,
        LeaseState state,
        Purpose purpose,
        Optional<String> owner,
        Instant since,
        long order,
        Optional<String> seenIn,
        String boot) {
    /** Stands for the namespace of an endpoint of the engine, whose link may still be on its way there. */
    public static final String ENDPOINT = "endpoint";

    /** Whether it is given away. */
    public boolean isLeased() {
        return state == LeaseState.LEASED;
    }

    /** Whether anybody was seen to use it. */
    public boolean isSeen() {
        return seenIn.isPresent();
    }

    /** The same, free since {@code now}. */
    public Lease released(LeaseState free, Instant now, long sequence) {
        return new Lease(address, free, purpose, owner, now, sequence, Optional.empty(), boot);
    }

    /** The same, seen in use in a boot of the host: then it is a container's, whatever it was asked for. */
    public Lease seenIn(String namespace, String presentBoot) {
        Purpose now = purpose == Purpose.RESERVED ? Purpose.ENDPOINT : purpose;
        return new Lease(address, state, now, owner, since, order, Optional.of(namespace), presentBoot);
    }
}
