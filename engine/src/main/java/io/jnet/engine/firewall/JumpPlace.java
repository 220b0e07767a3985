package io.jnet.engine.firewall;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Where a chain of iptables leads to jnet's, and where it should.
 *
 * @param jump how many rules come before the jump; empty: there is none
 * @param refusal how many rules, without the jump, come before the first that refuses everything; empty: none does
 * @param rules how many there are, without the jump
 */
record JumpPlace(OptionalInt jump, OptionalInt refusal, int rules) {
    static <R> JumpPlace of(List<R> rules, Predicate<R> isJump, Predicate<R> refusesAll) {
        OptionalInt jump = OptionalInt.empty();
        OptionalInt refusal = OptionalInt.empty();
        int others = 0;
        for (R rule : rules) {
            if (isJump.test(rule)) {
                jump = OptionalInt.of(others);
            } else {
                if (refusal.isEmpty() && refusesAll.test(rule)) {
                    refusal = OptionalInt.of(others);
                }
                others++;
            }
        }
        return new JumpPlace(jump, refusal, others);
    }

    /** In FORWARD right before what refuses everything, or else at the end; in INPUT anywhere. */
    boolean isRight(IptablesChain.Hook hook) {
        return jump.isPresent() && (hook == IptablesChain.Hook.INPUT || jump.getAsInt() == refusal.orElse(rules));
    }
}
