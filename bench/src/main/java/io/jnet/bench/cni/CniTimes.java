package io.jnet.bench.cni;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Compiler;
import io.jnet.testbed.machine.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * ADD and DEL of a container with a published port, by {@code jnet-cni} and by bridge, host-local and portmap in a chain, each with so many other
 * containers published by it. A script on the machine has them called: entering it would take as long as a call.
 */
public final class CniTimes implements Section {
    private static final String SCRIPT = "cni-times.sh";
    /** ADDs, each with its DEL, after which a daemon runs as it does for the months of its life: Java has compiled what they need. */
    private static final int WARM_UP = 300;
    /** The chain takes a tenth of a second and more for each of the containers that are there already. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final double ADD_PART = 10;
    private static final double DEL_PART = 5;
    private static final double FLAT = 1.5;

    private final Workbench bench;
    private final Rounds rounds;
    private final List<String> published;

    public CniTimes(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds;
        this.published = rounds.counted() > 10 ? List.of("0", "200", "1000") : List.of("0", "200");
    }

    @Override
    public Findings measure() {
        Map<String, Samples> samples = samples();
        List<String> labels = List.copyOf(samples.keySet());
        List<Budget> budgets = new ArrayList<>();
        for (String count : published) {
            budgets.add(part(samples, "ADD", count, ADD_PART));
            budgets.add(part(samples, "DEL", count, DEL_PART));
        }
        String most = published.get(published.size() - 1);
        budgets.add(new Budget(
                "ADD with jnet with " + most + " ports published, against " + FLAT + " times that with none",
                samples.get("jnet, ADD, " + most).median(),
                FLAT * samples.get("jnet, ADD, 0").median(),
                "ms"));
        for (String count : List.of("0", "200")) {
            budgets.add(new Budget(
                    "100 DELs at once with jnet with " + count + " ports published, against two DELs of the reference",
                    samples.get("jnet, 100 DELs at once, " + count).median(),
                    2 * samples.get("reference, DEL, " + count).median(),
                    "ms"));
        }
        return new Findings(
                List.of(ResultTable.of("CNI, with so many ports published already", "ms", samples, labels)), budgets);
    }

    private static Budget part(Map<String, Samples> samples, String command, String count, double part) {
        return new Budget(
                "%s with jnet with %s ports published, against a part of %.0f of the reference's"
                        .formatted(command, count, part),
                samples.get("jnet, " + command + ", " + count).median(),
                samples.get("reference, " + command + ", " + count).median() / part,
                "ms");
    }

    private Map<String, Samples> samples() {
        Path script = bench.folder().resolve(SCRIPT);
        try (var text = CniTimes.class.getResourceAsStream(SCRIPT)) {
            Files.copy(text, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of(
                "bash",
                script.toString(),
                JnetDaemon.distribution().resolve("bin/jnet-cni").toString(),
                Compiler.compile(CniTimes.class, "call-plugins", bench.folder()).toString(),
                Integer.toString(rounds.counted()),
                Integer.toString(WARM_UP)));
        command.addAll(published);
        BackgroundProcess run = bench.host().start(command);
        Eventually.holds("the end of " + SCRIPT, PATIENCE, () -> !run.isAlive());
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (String line : run.log().lines().toList()) {
            int end = line.indexOf('|');
            if (end < 0) {
                throw new IllegalStateException(SCRIPT + ": " + line);
            }
            values.computeIfAbsent(line.substring(0, end), any -> new ArrayList<>())
                    .add(Double.valueOf(line.substring(end + 1)));
        }
        bench.host().run(JnetDaemon.distribution().resolve("bin/jnet").toString(), "network", "rm", "bench-jnet");
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new Samples(entry.getValue()),
                        (one, two) -> one,
                        LinkedHashMap::new));
    }
}
