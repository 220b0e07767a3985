package io.jnet.engine.firewall;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Where FORWARD leads to jnet's chain, and where it should.
 *
 * @param jump how many rules come before the first jump; empty: there is none
 * @param refusal how many rules, without jumps there, come before what refuses everything at the end; empty: nothing does
 * @param rules how many there are, without jumps there
 */
record JumpPlace(OptionalInt jump, OptionalInt refusal, int rules) {
    /**
     * @param isJump whether a rule leads to jnet's chain
     * @param refusesAll whether a rule, if it is the last, refuses everything
     * @param endsAll whether one does, whatever comes behind it
     */
    static <R> JumpPlace of(List<R> rules, Predicate<R> isJump, Predicate<R> refusesAll, Predicate<R> endsAll) {
        OptionalInt jump =
                rules.stream().anyMatch(isJump) ? OptionalInt.of(before(rules, isJump)) : OptionalInt.empty();
        List<R> others = rules.stream().filter(isJump.negate()).toList();
        int refusal = before(others, endsAll);
        if (refusal == others.size()) {
            while (refusal > 0 && refusesAll.test(others.get(refusal - 1))) {
                refusal--;
            }
        }
        return new JumpPlace(
                jump, refusal < others.size() ? OptionalInt.of(refusal) : OptionalInt.empty(), others.size());
    }

    private static <R> int before(List<R> rules, Predicate<R> what) {
        return (int) rules.stream().takeWhile(what.negate()).count();
    }

    /** Right before what refuses everything, or else at the end. */
    boolean isRight() {
        return jump.isPresent() && jump.getAsInt() == refusal.orElse(rules);
    }
}
