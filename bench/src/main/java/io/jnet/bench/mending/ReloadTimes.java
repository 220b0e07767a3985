package io.jnet.bench.mending;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginContainer;
import io.jnet.testbed.firewall.FirewalledHost;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How long containers cannot open connections after {@code firewall-cmd --reload}, from when the host itself can again: then firewalld has loaded its
 * rules, without the bridges. There is no peer in it.
 */
public final class ReloadTimes implements Section {
    private static final List<Integer> NETWORKS = List.of(1, 5);
    private static final int FIRST_NUMBER = 71;
    private static final int PORT = 9000;
    private static final double LIMIT = 100;
    private static final String MILLISECONDS = "ms";

    private final Rounds rounds;

    /** With as many rounds; on machines of its own. */
    public ReloadTimes(Workbench unused, Rounds rounds) {
        this.rounds = rounds.dividedBy(2);
    }

    @Override
    public Findings measure() {
        Lab lab = Lab.open();
        try {
            lab.outside().start("socat", "TCP4-LISTEN:" + PORT + ",fork,reuseaddr", "OPEN:/dev/null");
            FirewalledHost.Kind.FIREWALLD.on(lab.host()).start();
            JnetDaemon jnet = JnetDaemon.start(lab.host());
            Map<String, Samples> samples = new LinkedHashMap<>();
            int made = 0;
            for (int networks : NETWORKS) {
                while (made < networks) {
                    PluginContainer.start(lab.host(), jnet, FIRST_NUMBER + made++, "");
                }
                samples.putAll(rounds.interleave(List.of(recorder -> reload(lab.host(), networks, recorder))));
            }
            return new Findings(
                    List.of(ResultTable.of(
                            "After a reload of firewalld, until containers open connections again",
                            MILLISECONDS,
                            samples,
                            List.copyOf(samples.keySet()))),
                    samples.entrySet().stream()
                            .map(sample -> new Budget(
                                    sample.getKey(), sample.getValue().median(), LIMIT, MILLISECONDS))
                            .toList());
        } finally {
            lab.close();
        }
    }

    /** The last of the containers counts. Each attempt is a process and takes some milliseconds. */
    private static void reload(Machine host, int networks, Recorder recorder) {
        String containers = IntStream.range(0, networks)
                .mapToObj(index -> PluginContainer.namespace(FIRST_NUMBER + index))
                .collect(Collectors.joining(" "));
        String took = host.shell(
                """
                end=$((SECONDS + 30))
                connects() { [ $SECONDS -gt $end ] || "$@" timeout 0.05 bash -c '</dev/tcp/%s/%d' 2>/dev/null; }
                firewall-cmd --reload >/dev/null &
                while connects && [ $SECONDS -le $end ]; do :; done
                until connects; do :; done
                begun=$(date +%%s%%N)
                for namespace in %s; do until connects nsenter --net=/run/netns/$namespace; do :; done; done
                echo $((($(date +%%s%%N) - begun) / 1000))
                wait"""
                        .formatted(Lab.OUTSIDE_ADDRESS, PORT, containers));
        recorder.record(label(networks), Double.parseDouble(took.strip()) / 1000);
    }

    private static String label(int networks) {
        return networks == 1 ? "one network" : networks + " networks";
    }
}
