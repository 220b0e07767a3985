package io.jnet.engine.store;

import java.util.List;

/**
 * Which formats of the records a version of jnet can open.
 *
 * @param current the one that it reads and writes
 * @param steps what brings older ones there; the last one leads to {@code current}
 */
record StateFormat(int current, List<Migration> steps) {
    /** That of this version. */
    static final StateFormat OF_THIS_VERSION = new StateFormat(StateIdentity.CURRENT_FORMAT, List.of());

    StateFormat {
        steps = List.copyOf(steps);
    }

    /** The oldest one from which there is a way. */
    int oldest() {
        return current - steps.size();
    }

    /** The steps that a file of an older format has before it. */
    List<Migration> stepsFrom(int format) {
        return steps.subList(format - oldest(), steps.size());
    }
}
