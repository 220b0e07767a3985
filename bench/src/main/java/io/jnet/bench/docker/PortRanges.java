package io.jnet.bench.docker;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A thousand published ports against one; with Docker's bridge driver, which takes a minute and a half for them, a hundred. */
public final class PortRanges implements Section {
    private static final String ONE = "20000:20000";
    private static final String HUNDRED = "20000-20099:20000-20099";
    private static final String THOUSAND = "20000-20999:20000-20999";
    /** How many times what one port takes a thousand may take. */
    private static final double FACTOR = 1.5;

    private final Workbench bench;
    private final Rounds rounds;

    public PortRanges(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds.dividedBy(3);
    }

    @Override
    public Findings measure() {
        Map<String, Samples> jnet =
                rounds.interleave(List.of(published(Workbench.JNET, ONE), published(Workbench.JNET, THOUSAND)));
        Map<String, Samples> bridge = new Rounds(0, 1)
                .interleave(List.of(published(Workbench.BRIDGE, ONE), published(Workbench.BRIDGE, HUNDRED)));
        return new Findings(
                List.of(
                        table("A thousand ports with jnet", Workbench.JNET, THOUSAND, jnet),
                        table("A hundred ports with Docker's bridge driver", Workbench.BRIDGE, HUNDRED, bridge)),
                List.of(budget("run", jnet), budget("rm", jnet)));
    }

    private Consumer<Recorder> published(String network, String ports) {
        return recorder -> {
            recorder.time(
                    label("run", network, ports),
                    () -> bench.idle("measured", List.of("--network", network, "--publish", ports)));
            recorder.time(label("rm", network, ports), () -> bench.run("rm", "--force", "measured"));
        };
    }

    private static String label(String command, String network, String ports) {
        return "%s --network %s -p %s".formatted(command, network, ports);
    }

    private static ResultTable table(String title, String network, String range, Map<String, Samples> samples) {
        return ResultTable.of(
                title,
                "ms",
                samples,
                List.of(
                        label("run", network, ONE),
                        label("run", network, range),
                        label("rm", network, ONE),
                        label("rm", network, range)));
    }

    private static Budget budget(String command, Map<String, Samples> samples) {
        return new Budget(
                "docker " + command + " with 1,000 ports on jnet, against 1.5 times that with one",
                samples.get(label(command, Workbench.JNET, THOUSAND)).median(),
                FACTOR * samples.get(label(command, Workbench.JNET, ONE)).median(),
                "ms");
    }
}
