package io.jnet.bench.docker;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code docker network create} and {@code docker network rm}. */
public final class NetworkCreation implements Section {
    private final Workbench bench;
    private final Rounds rounds;

    public NetworkCreation(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds;
    }

    @Override
    public Findings measure() {
        Map<String, Samples> samples = rounds.interleave(List.of(network("bridge"), network("jnet")));
        return new Findings(
                List.of(ResultTable.of(
                        "docker network create and docker network rm",
                        "ms",
                        samples,
                        List.of("create bridge", "create jnet", "rm bridge", "rm jnet"))),
                List.of());
    }

    private Consumer<Recorder> network(String driver) {
        return recorder -> {
            recorder.time(
                    "create " + driver,
                    () -> bench.run("network", "create", "--driver", driver, "--subnet", "10.93.0.0/24", "measured"));
            recorder.time("rm " + driver, () -> bench.run("network", "rm", "measured"));
        };
    }
}
