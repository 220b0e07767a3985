package io.jnet.engine.relay;

import java.time.Duration;

/**
 * How much a relay takes on.
 *
 * @param streams TCP connections at a time; more wait in the kernel until one ends
 * @param clients UDP clients at a time; with one more that one is forgotten that has said nothing for longest
 * @param share how many of each one neighbour may have; more of its connections are reset, and of its UDP clients one is forgotten
 * @param silence how long a UDP client and its container may both be silent before they are forgotten
 */
public record RelayLimits(int streams, int clients, int share, Duration silence) {
    /** Each stream and each client has a socket or two; the silence is a resolver's patience several times over. */
    public static final RelayLimits USUAL = new RelayLimits(1000, 1000, 200, Duration.ofSeconds(90));
}
