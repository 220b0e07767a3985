package io.jnet.engine.link;

import java.util.Optional;

/** Delays the packets of endpoints that are limited. */
public interface Shaper {

    /**
     * Refuses, with {@code CONFLICT}, a link whose packets another program delays or redirects already.
     */
    void requireFree(ShapingPlan plan);

    /**
     * Has an endpoint's packets go no faster than planned; its veth pair must be there. What is as planned is left alone, anything else is
     * mended. When this throws, {@link #unshape} and the end of the veth pair take away what was made.
     *
     * @throws io.jnet.engine.failure.EngineException with {@code UNSUPPORTED} when the kernel lacks something: it is named; with {@code CONFLICT}
     *     when a link of the ifb link's name is another one
     */
    void shape(ShapingPlan plan);

    /**
     * Removes what does not go with the veth pair: the ifb link, and all that another program's link was given; does nothing when it is
     * absent. Another link of its name is left alone.
     */
    void unshape(ShapingPlan plan);

    /** What is not as planned, in words; empty when all is. */
    Optional<String> difference(ShapingPlan plan);
}
