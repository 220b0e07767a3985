package io.jnet.dns.forward;

/**
 * How long is waited, in milliseconds.
 *
 * @param server for a server, before the next one is asked too
 * @param stale before an answer is given that is older than it may be
 * @param total before it is said that none answers
 * @param blame a server that failed is asked last
 */
public record Timing(long server, long stale, long total, long blame) {
    /** Below the 5 s after which clients' own resolvers give up (resolv.conf(5)). */
    public static final Timing DEFAULT = new Timing(1500, 1800, 4000, 30_000);
}
