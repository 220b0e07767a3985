package io.jnet.bench.daemon;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** How long after the start of its process the daemon answers, on a host with nothing to restore. */
public final class DaemonStart implements Section {
    private static final double LIMIT_MILLIS = 500;

    private final Workbench bench;
    private final Rounds rounds;

    public DaemonStart(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds;
    }

    @Override
    public Findings measure() {
        List<Installation> installations = new ArrayList<>();
        for (JavaRuntime java : JavaRuntime.all()) {
            installations.add(Installation.prepared(java, bench.folder(), bench.empty()));
            installations.add(Installation.bare(java, bench.folder(), bench.empty()));
        }
        Map<String, Samples> samples = rounds.interleave(
                installations.stream().map(DaemonStart::started).toList());
        List<String> labels = installations.stream().map(Installation::label).toList();
        installations.forEach(
                one -> bench.empty().run("rm", "--recursive", one.home().toString()));
        return new Findings(
                List.of(ResultTable.of("jnet daemon, process start to first answer", "ms", samples, labels)),
                labels.stream()
                        .filter(label -> !label.contains("without"))
                        .map(label -> new Budget(
                                "start of the daemon, " + label,
                                samples.get(label).median(),
                                LIMIT_MILLIS,
                                "ms"))
                        .toList());
    }

    private static Consumer<Recorder> started(Installation installation) {
        return recorder -> {
            MeasuredDaemon daemon = MeasuredDaemon.start(installation);
            recorder.record(installation.label(), daemon.millis());
            daemon.stop();
        };
    }
}
