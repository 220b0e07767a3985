package io.jnet.engine.plan;

import io.jnet.engine.network.PublishPolicy;
import java.util.List;
import java.util.Optional;

/** A publish policy as the alias of a link says it: without blanks, and nothing where everybody is let in. */
final class PolicyText {
    private static final String BLANK = " ";
    private static final String BOTH = ";";

    private PolicyText() {}

    static Optional<String> of(PublishPolicy policy) {
        return policy.admitsAll()
                ? Optional.empty()
                : Optional.of(policy.toString().replace(BLANK, BOTH));
    }

    /**
     * @throws IllegalArgumentException for what {@link #of} never makes
     */
    static PublishPolicy parse(Optional<String> text) {
        return text.map(both -> List.of(both.split(BOTH, -1))).orElse(List.of()).stream()
                .map(PublishPolicy::parse)
                .reduce(PublishPolicy.OPEN, PublishPolicy::and);
    }
}
