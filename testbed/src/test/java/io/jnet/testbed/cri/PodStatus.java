package io.jnet.testbed.cri;

/**
 * What the CRI service says of a pod sandbox.
 *
 * @param ready whether its pause process runs
 * @param address its IPv4 address, without the prefix length; empty when it has none
 */
public record PodStatus(boolean ready, String address) {}
