package io.jnet.bench;

import io.jnet.bench.report.Findings;

/** One question that the benchmarks answer. */
public interface Section {
    /** Measures, and leaves the workbench as it was. */
    Findings measure();
}
