package io.jnet.bench.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * How often things are measured.
 *
 * @param warmUp rounds that are not counted: they load code and fill caches
 * @param counted rounds that are
 */
public record Rounds(int warmUp, int counted) {
    /** The same orders in each run; which they are does not matter. */
    private static final long SEED = 20;

    /** Runs each case once a round; what a case records under one label becomes one {@link Samples}, of one value a round. */
    public Map<String, Samples> interleave(List<Consumer<Recorder>> cases) {
        Recorder recorder = new Recorder();
        Random random = new Random(SEED);
        List<Consumer<Recorder>> order = new ArrayList<>(cases);
        for (int round = 0; round < warmUp + counted; round++) {
            if (round == warmUp) {
                recorder.startRecording();
            }
            // Drawn, not rotated: what a case leaves to be cleaned up in the background must not always hit the same
            // next one.
            Collections.shuffle(order, random);
            order.forEach(one -> one.accept(recorder));
        }
        return recorder.samples();
    }

    /** A part of these rounds, at least one, for what takes long. */
    public Rounds dividedBy(int divisor) {
        return new Rounds(Math.min(warmUp, 1), Math.max(1, counted / divisor));
    }
}
