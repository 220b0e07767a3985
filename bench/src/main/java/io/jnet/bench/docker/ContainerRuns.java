package io.jnet.bench.docker;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.bench.report.ResultTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code docker run -d} and {@code docker rm -f}, with and without a published port. */
public final class ContainerRuns implements Section {
    private static final String UNIT = "ms";
    private static final String NONE = "--network none";
    private static final String BRIDGE = "bridge";
    private static final String BRIDGE_PORT = "bridge -p 8080:80";
    private static final String JNET = "jnet";
    private static final String JNET_PORT = "jnet -p 8080:80";
    private static final List<String> LABELS = List.of(NONE, BRIDGE, BRIDGE_PORT, JNET, JNET_PORT);
    /** How much of what a published port costs with the bridge driver it may cost with jnet. */
    private static final double PART_OF_PORT = 0.2;

    private final Workbench bench;
    private final Rounds rounds;

    public ContainerRuns(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds;
    }

    @Override
    public Findings measure() {
        Map<String, Samples> samples = rounds.interleave(List.of(
                container(NONE, "--network", "none"),
                container(BRIDGE, "--network", Workbench.BRIDGE),
                container(BRIDGE_PORT, "--network", Workbench.BRIDGE, "--publish", "8080:80"),
                container(JNET, "--network", Workbench.JNET),
                container(JNET_PORT, "--network", Workbench.JNET, "--publish", "8080:80")));
        Work run = new Work("run", samples);
        Work remove = new Work("rm", samples);
        return new Findings(
                List.of(
                        run.table("docker run -d, start to return"),
                        run.differences("What it adds to docker run -d"),
                        remove.table("docker rm -f, start to return"),
                        remove.differences("What it adds to docker rm -f")),
                List.of(
                        new Budget(
                                "what -p adds to docker run on a jnet network, against a fifth of what it adds on a bridge",
                                run.port(JNET, JNET_PORT).median(),
                                PART_OF_PORT * run.port(BRIDGE, BRIDGE_PORT).median(),
                                UNIT),
                        new Budget(
                                "docker run on a jnet network, against one on a user-defined bridge",
                                run.of(JNET).median(),
                                run.of(BRIDGE).median(),
                                UNIT),
                        new Budget(
                                "docker run -p on a jnet network, against one on a user-defined bridge",
                                run.of(JNET_PORT).median(),
                                run.of(BRIDGE_PORT).median(),
                                UNIT)));
    }

    private Consumer<Recorder> container(String label, String... options) {
        return recorder -> {
            recorder.time("run " + label, () -> bench.idle("measured", List.of(options)));
            recorder.time("rm " + label, () -> bench.run("rm", "--force", "measured"));
        };
    }

    /** The measurements of one command. */
    private record Work(String command, Map<String, Samples> samples) {
        Samples of(String label) {
            return samples.get(command + " " + label);
        }

        Samples port(String without, String with) {
            return of(with).minus(of(without));
        }

        ResultTable table(String title) {
            return new ResultTable(
                    title,
                    UNIT,
                    LABELS.stream().map(label -> new Row(label, of(label))).toList());
        }

        ResultTable differences(String title) {
            List<Row> rows = new ArrayList<>();
            for (String label : List.of(BRIDGE, BRIDGE_PORT, JNET, JNET_PORT)) {
                rows.add(new Row(label + ", over none", port(NONE, label)));
            }
            rows.add(new Row("-p on bridge", port(BRIDGE, BRIDGE_PORT)));
            rows.add(new Row("-p on jnet", port(JNET, JNET_PORT)));
            rows.add(new Row("jnet over bridge", port(BRIDGE, JNET)));
            rows.add(new Row("jnet -p over bridge -p", port(BRIDGE_PORT, JNET_PORT)));
            return new ResultTable(title, UNIT, rows);
        }
    }
}
