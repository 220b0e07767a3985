package io.jnet.engine.firewall;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Where a chain of iptables leads to jnet's, and where it should.
 *
 * @param jumps how many jumps there are
 * @param first how many rules come before the first of them
 * @param refusal how many rules, without jumps there, come before what refuses everything at the end; empty: nothing does
 * @param rules how many there are, without jumps there
 */
record JumpPlace(int jumps, int first, OptionalInt refusal, int rules) {
    /**
     * @param isJump whether a rule leads to jnet's chain
     * @param refusesAll whether a rule, if it is the last, refuses everything
     * @param endsAll whether one does, whatever comes behind it
     */
    static <R> JumpPlace of(List<R> rules, Predicate<R> isJump, Predicate<R> refusesAll, Predicate<R> endsAll) {
        List<R> others = rules.stream().filter(isJump.negate()).toList();
        int jumps = rules.size() - others.size();
        int refusal = before(others, endsAll);
        if (refusal == others.size()) {
            while (refusal > 0 && refusesAll.test(others.get(refusal - 1))) {
                refusal--;
            }
        }
        return new JumpPlace(
                jumps,
                before(rules, isJump),
                refusal < others.size() ? OptionalInt.of(refusal) : OptionalInt.empty(),
                others.size());
    }

    private static <R> int before(List<R> rules, Predicate<R> what) {
        return (int) rules.stream().takeWhile(what.negate()).count();
    }

    /** In FORWARD right before what refuses everything, or else at the end; in INPUT anywhere. */
    boolean isRight(IptablesChain.Hook hook) {
        return jumps > 0 && (hook == IptablesChain.Hook.INPUT || first == refusal.orElse(rules));
    }
}
