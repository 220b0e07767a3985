package io.jnet.testbed.cri;

import java.util.List;

/**
 * What the CRI service says of a pod sandbox.
 *
 * @param ready whether its pause process runs
 * @param addresses its addresses, without prefix lengths, the preferred one first; empty when its network is gone
 */
public record PodStatus(boolean ready, List<String> addresses) {
    public PodStatus {
        addresses = List.copyOf(addresses);
    }

    /** The preferred address: an IPv4 one where there is one. */
    public String address() {
        return addresses.get(0);
    }
}
