package io.jnet.netlink.nftables;

import java.util.Optional;

/**
 * What a rule does to the packets that come to it.
 *
 * @param forAll whether to each of them: it compares nothing
 * @param refuses whether it drops or rejects
 * @param target the chain that it jumps or goes to, if it does
 */
public record ChainRule(boolean forAll, boolean refuses, Optional<String> target) {}
