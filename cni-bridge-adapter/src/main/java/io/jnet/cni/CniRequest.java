package io.jnet.cni;

import io.jnet.netlink.namespace.NetworkNamespace;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A call of the plugin, as its executable was called.
 *
 * @param environment the CNI variables
 * @param configuration standard input
 * @param container the network namespace that {@code CNI_NETNS} names; absent: none was named, or it could not be opened. Stays the caller's
 *     to close
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record CniRequest(Map<String, String> environment, byte[] configuration, Optional<NetworkNamespace> container) {
    /** What the executable has found out for an answer, and passes on with the question. */
    public static final Set<String> FOUND_OUT = Set.of("JNET_IPAM_RESULT", "JNET_RESOLVER_FILE");

    private static final String IPAM_RESULT = "JNET_IPAM_RESULT";
    private static final String RESOLVER_FILE = "JNET_RESOLVER_FILE";

    public CniRequest {
        environment = Map.copyOf(environment);
    }

    /** What the plugin has answered that the configuration names for addresses; absent as long as it was not called. */
    Optional<String> ipamResult() {
        return Optional.ofNullable(environment.get(IPAM_RESULT));
    }

    /** The content of the file that the configuration names for resolvers; absent as long as it was not read. */
    Optional<String> resolverFile() {
        return Optional.ofNullable(environment.get(RESOLVER_FILE));
    }
}
