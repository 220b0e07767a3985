package io.jnet.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps what is measured, by label. While warming up it keeps nothing. */
public final class Recorder {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, List<Double>> values = new LinkedHashMap<>();
    private boolean recording;

    Recorder() {}

    void startRecording() {
        recording = true;
    }

    /** Runs this work and records how many milliseconds it took. */
    public void time(String label, Runnable work) {
        long start = System.nanoTime();
        work.run();
        record(label, (System.nanoTime() - start) / NANOS_PER_MILLI);
    }

    /** Records a value that was measured elsewhere. */
    public void record(String label, double value) {
        if (recording) {
            values.computeIfAbsent(label, any -> new ArrayList<>()).add(value);
        }
    }

    Map<String, Samples> samples() {
        Map<String, Samples> samples = new LinkedHashMap<>();
        values.forEach((label, list) -> samples.put(label, new Samples(list)));
        return samples;
    }
}
