package io.jnet.bench.address;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.daemon.PluginClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An address and its release, durable: from a /16 that is 1 % full and from one that is 99 % full, and from pools of other sizes. */
public final class AddressTimes implements Section {
    private static final int ADDRESSES = 65_534;
    /** So many in a row, as short as they are: else most of the time is the processor's waking up. */
    private static final int PAIRS = 50;

    private static final double LIMIT_MILLIS = 1;
    private static final double PERCENTILE = 0.99;

    private static final List<Integer> FILLS = List.of(1, 99);
    private static final List<String> SIZES = List.of("10.120.0.0/24", "11.0.0.0/8", "fd00:98::/64");
    /** In each of the pools of other sizes. */
    private static final int FEW = 100;

    private final Workbench bench;
    private final Rounds rounds;

    public AddressTimes(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds;
    }

    @Override
    public Findings measure() {
        try (PluginClient client = PluginClient.connect(bench.pluginSocket())) {
            List<JnetPool> pools = new ArrayList<>();
            List<HostLocal> peers = new ArrayList<>();
            List<Consumer<Recorder>> cases = new ArrayList<>();
            for (int fill : FILLS) {
                int used = ADDRESSES * fill / 100;
                JnetPool pool = JnetPool.filled(client, "10.%d.0.0/16".formatted(fill), used);
                HostLocal peer = HostLocal.filled(bench, "10.98.0.0/16", used);
                pools.add(pool);
                peers.add(peer);
                String full = "%d %% full".formatted(fill);
                cases.add(recorder -> measure(recorder, full, pool));
                cases.add(recorder -> measure(recorder, full, peer));
            }
            for (String prefix : SIZES) {
                JnetPool pool = JnetPool.filled(client, prefix, FEW);
                pools.add(pool);
                String size = prefix.substring(prefix.indexOf('/'));
                cases.add(recorder -> measure(recorder, size, pool));
            }
            Map<String, Samples> samples = rounds.interleave(cases);
            pools.forEach(JnetPool::release);
            peers.forEach(HostLocal::remove);
            return findings(samples);
        }
    }

    private static void measure(Recorder recorder, String which, JnetPool pool) {
        String[] address = new String[1];
        for (int pair = 0; pair < PAIRS; pair++) {
            recorder.time(label("jnet, request", which), () -> address[0] = pool.request());
            recorder.time(label("jnet, release", which), () -> pool.release(address[0]));
        }
    }

    private static void measure(Recorder recorder, String which, HostLocal peer) {
        recorder.time(label("host-local, request", which), peer::add);
        recorder.time(label("host-local, release", which), peer::delete);
    }

    private static String label(String what, String which) {
        return what + ", " + which;
    }

    private static Findings findings(Map<String, Samples> samples) {
        List<String> labels = List.copyOf(samples.keySet()).stream().sorted().toList();
        Map<String, Samples> tails = new LinkedHashMap<>();
        labels.forEach(label -> tails.put(label, Samples.of(samples.get(label).quantile(PERCENTILE))));
        List<Budget> budgets = labels.stream()
                .filter(label -> label.startsWith("jnet"))
                .map(label -> new Budget("p50 of " + label, samples.get(label).median(), LIMIT_MILLIS, "ms"))
                .toList();
        return new Findings(
                List.of(
                        ResultTable.of(
                                "An address and its release, of a /16 that is so full, and of pools of other sizes",
                                "ms",
                                samples,
                                labels),
                        ResultTable.of("The same, 99th percentile", "ms", tails, labels)),
                budgets);
    }
}
