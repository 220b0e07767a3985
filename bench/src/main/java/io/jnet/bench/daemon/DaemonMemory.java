package io.jnet.bench.daemon;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Memory;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.plugin.PluginNetwork;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Memory of a daemon that does nothing, with no endpoint, with a hundred and with a thousand, each with a published port; and how soon
 * it is back. */
public final class DaemonMemory implements Section {
    private static final int ENDPOINTS = 100;
    private static final int MANY_ENDPOINTS = 1000;
    private static final int FIRST_PORT = 30_000;
    /** As long as it takes the daemon's allocator to give back what it does not need: see the launcher's TrimNativeHeapInterval. */
    private static final Duration REST = Duration.ofSeconds(15);

    private static final double LIMIT_TOTAL = 100;
    private static final double LIMIT_ANONYMOUS = 70;
    private static final double LIMIT_MANY = 120;
    private static final String MEGABYTES = "MB";

    private final Workbench bench;
    private final Rounds rounds;

    public DaemonMemory(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = new Rounds(0, rounds.dividedBy(7).counted());
    }

    @Override
    public Findings measure() {
        List<Installation> installations = JavaRuntime.all().stream()
                .map(java -> Installation.prepared(java, bench.folder(), bench.empty()))
                .toList();
        Map<String, Samples> samples =
                rounds.interleave(installations.stream().map(DaemonMemory::life).toList());
        installations.forEach(
                one -> bench.empty().run("rm", "--recursive", one.home().toString()));
        List<String> memory = new ArrayList<>();
        List<String> restarts = new ArrayList<>();
        List<Budget> budgets = new ArrayList<>();
        for (Installation installation : installations) {
            String label = installation.label();
            memory.addAll(List.of(
                    label + ", 0 endpoints, total",
                    label + ", 0 endpoints, anonymous",
                    label + ", 100 endpoints, total",
                    label + ", 100 endpoints, anonymous",
                    label + ", 1,000 endpoints, total",
                    label + ", 1,000 endpoints, anonymous"));
            restarts.add(label + ", restart");
            budgets.add(budget("memory with 100 endpoints, ", label + ", 100 endpoints, total", samples, LIMIT_TOTAL));
            budgets.add(
                    budget("memory with 1,000 endpoints, ", label + ", 1,000 endpoints, total", samples, LIMIT_MANY));
            budgets.add(budget("of that anonymous, ", label + ", 100 endpoints, anonymous", samples, LIMIT_ANONYMOUS));
        }
        return new Findings(
                List.of(
                        ResultTable.of("Memory of an idle daemon (smaps_rollup)", MEGABYTES, samples, memory),
                        ResultTable.of(
                                "Process start to first answer with 100 endpoints to restore",
                                "ms",
                                samples,
                                restarts)),
                budgets);
    }

    private static Budget budget(String promise, String label, Map<String, Samples> samples, double limit) {
        return new Budget(promise + label, samples.get(label).median(), limit, MEGABYTES);
    }

    private static Consumer<Recorder> life(Installation installation) {
        return recorder -> {
            Machine machine = installation.machine();
            MeasuredDaemon daemon = MeasuredDaemon.start(installation);
            record(recorder, installation.label() + ", 0 endpoints", daemon);
            create(machine);
            fill(machine, 0, ENDPOINTS);
            record(recorder, installation.label() + ", 100 endpoints", daemon);
            daemon.stop();
            MeasuredDaemon again = MeasuredDaemon.start(installation);
            recorder.record(installation.label() + ", restart", again.millis());
            fill(machine, ENDPOINTS, MANY_ENDPOINTS);
            record(recorder, installation.label() + ", 1,000 endpoints", again);
            empty(machine);
            again.stop();
        };
    }

    private static void record(Recorder recorder, String label, MeasuredDaemon daemon) {
        LockSupport.parkNanos(REST.toNanos());
        Memory memory = Memory.of(daemon.process().pid());
        recorder.record(label + ", total", memory.total());
        recorder.record(label + ", anonymous", memory.anonymous());
    }

    private static void create(Machine machine) {
        try (PluginClient client = PluginClient.connect(Workbench.pluginSocket(machine))) {
            PluginNetwork.create(client, 1);
        }
    }

    private static void fill(Machine machine, int first, int end) {
        try (PluginClient client = PluginClient.connect(Workbench.pluginSocket(machine))) {
            PluginNetwork network = PluginNetwork.known(client, 1);
            for (int endpoint = first; endpoint < end; endpoint++) {
                network.createEndpoint(endpoint);
                network.join(endpoint);
                network.publish(endpoint, List.of(FIRST_PORT + endpoint));
            }
        }
    }

    private static void empty(Machine machine) {
        try (PluginClient client = PluginClient.connect(Workbench.pluginSocket(machine))) {
            PluginNetwork network = PluginNetwork.known(client, 1);
            for (int endpoint = 0; endpoint < MANY_ENDPOINTS; endpoint++) {
                network.leave(endpoint);
                network.deleteEndpoint(endpoint);
            }
            network.delete();
        }
    }
}
