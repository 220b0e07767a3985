package io.jnet.dns.name;

/**
 * Who asks.
 *
 * @param view what it sees
 * @param account on whose account it asks others: one for each container, and one for all unknown senders of a network
 */
public record Client(View view, Object account) {}
