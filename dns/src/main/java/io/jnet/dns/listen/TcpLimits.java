package io.jnet.dns.listen;

import java.time.Duration;

/**
 * How many connections a network takes on.
 *
 * @param network at a time
 * @param client at a time, of one client
 * @param silence how long a connection is kept on which no query and no answer has got through
 */
record TcpLimits(int network, int client, Duration silence) {
    /** A client's resolver has one for each question, seldom more. */
    static final TcpLimits USUAL = new TcpLimits(64, 16, Duration.ofSeconds(10));
}
