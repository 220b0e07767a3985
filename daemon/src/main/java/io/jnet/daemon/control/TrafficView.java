package io.jnet.daemon.control;

import java.util.Optional;

/**
 * What came by a published port at one of the host's addresses.
 *
 * @param hostAddress the address; {@code 0.0.0.0} and {@code ::} stand for every address of their family
 * @param connections how many were led to the container since the port was published; for UDP and SCTP flows
 * @param openBytes the bytes of those that are open now, in both directions; absent where the kernel does not count them
 */
public record TrafficView(String hostAddress, long connections, Optional<Long> openBytes) {}
