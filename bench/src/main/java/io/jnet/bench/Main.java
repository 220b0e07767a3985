package io.jnet.bench;

import io.jnet.bench.address.AddressTimes;
import io.jnet.bench.cni.CniTimes;
import io.jnet.bench.connect.Connections;
import io.jnet.bench.connect.Throughput;
import io.jnet.bench.daemon.DaemonMemory;
import io.jnet.bench.daemon.DaemonStart;
import io.jnet.bench.docker.ContainerRuns;
import io.jnet.bench.docker.NetworkCreation;
import io.jnet.bench.docker.PortRanges;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.mending.MendingTimes;
import io.jnet.bench.names.NameTimes;
import io.jnet.bench.plugin.CallTimes;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Circumstances;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.Markdown;
import io.jnet.bench.report.ResultFiles;
import io.jnet.bench.report.ResultTable;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** {@code Main [--quick] [SECTION...]}: measures, prints, and writes {@code bench/target/results/}. */
public final class Main {
    private static final Path RESULTS = Path.of("bench/target/results");
    private static final Rounds FULL = new Rounds(2, 21);
    private static final Rounds QUICK = new Rounds(1, 3);
    private static final Map<String, BiFunction<Workbench, Rounds, Section>> SECTIONS = sections();

    private Main() {}

    private static Map<String, BiFunction<Workbench, Rounds, Section>> sections() {
        Map<String, BiFunction<Workbench, Rounds, Section>> sections = new LinkedHashMap<>();
        sections.put("containers", ContainerRuns::new);
        sections.put("start", DaemonStart::new);
        sections.put("connections", Connections::new);
        sections.put("throughput", Throughput::new);
        sections.put("addresses", AddressTimes::new);
        sections.put("calls", CallTimes::new);
        sections.put("networks", NetworkCreation::new);
        sections.put("ranges", PortRanges::new);
        sections.put("memory", DaemonMemory::new);
        sections.put("mending", MendingTimes::new);
        sections.put("dns", NameTimes::new);
        // Leaves rules behind on the machine that the others use.
        sections.put("cni", CniTimes::new);
        return sections;
    }

    /** Runs the benchmarks. */
    public static void main(String[] arguments) {
        List<String> names = new ArrayList<>(List.of(arguments));
        Rounds rounds = names.remove("--quick") ? QUICK : FULL;
        if (names.isEmpty()) {
            names.addAll(SECTIONS.keySet());
        }
        if (!SECTIONS.keySet().containsAll(names)) {
            System.err.println("usage: bench/run [--quick] [SECTION...], with sections " + SECTIONS.keySet());
            System.exit(2);
        }
        measure(names, rounds);
    }

    private static void measure(List<String> names, Rounds rounds) {
        String date = LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        String loadBefore = Circumstances.load();
        Findings all = new Findings(List.of(), List.of());
        try (Workbench bench = Workbench.open()) {
            for (String name : names) {
                Findings found = SECTIONS.get(name).apply(bench, rounds).measure();
                print(found);
                all = all.and(found);
                // After each section: what fails later must not take along what is measured.
                Path results = ResultFiles.write(RESULTS, date, Circumstances.now(versions(bench), loadBefore), all);
                System.out.printf("%nwritten to %s%n", results);
            }
        }
    }

    private static void print(Findings found) {
        for (ResultTable table : found.tables()) {
            System.out.print(Markdown.of(table));
        }
        System.out.println();
        for (Budget budget : found.budgets()) {
            System.out.println(budget.line());
        }
    }

    private static Map<String, String> versions(Workbench bench) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("Docker", bench.run("version", "--format", "{{.Server.Version}}"));
        versions.put("Java", System.getProperty("java.runtime.version"));
        return versions;
    }
}
