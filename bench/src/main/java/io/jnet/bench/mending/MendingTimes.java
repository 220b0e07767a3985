package io.jnet.bench.mending;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.plugin.PluginNetwork;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.daemon.PluginContainer;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long until what somebody else has undone works again, with one container and with a thousand others. There is no peer in it: the
 * others leave it undone.
 */
public final class MendingTimes implements Section {
    private static final int OTHERS = 1000;
    private static final int FIRST_PORT = 20_000;
    private static final int PORT = 8080;
    private static final String GATEWAY = "10.93.0.1";
    private static final double LIMIT = 100;
    private static final String MILLISECONDS = "ms";
    private static final String ALONE = ", alone";
    private static final String CROWDED = ", 1,000 others";

    private static final String FLUSH = "nft flush ruleset";
    private static final String WHOLE_BRIDGE = "a bridge with 1,000 ports deleted";

    private final Workbench bench;
    private final Rounds rounds;

    public MendingTimes(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds.dividedBy(3);
    }

    /**
     * Something to undo.
     *
     * @param line for a shell
     * @param works a line that succeeds when it is mended
     */
    private record Deed(String name, String line, String works) {}

    @Override
    public Findings measure() {
        Machine machine = bench.empty();
        JnetDaemon jnet = JnetDaemon.start(machine);
        PluginContainer container = PluginContainer.start(machine, jnet);
        // Not on every address: there the daemon itself would answer for the rules that are away.
        container.publishOn(GATEWAY, PORT, 80);
        Map<String, Samples> samples = new LinkedHashMap<>();
        BackgroundProcess server = machine.start(
                "nsenter", "--net=/run/netns/handmade", "socat", "TCP4-LISTEN:80,fork,reuseaddr", "OPEN:/dev/null");
        try {
            List<Deed> deeds = deeds(container.bridge());
            samples.putAll(rounds.interleave(List.of(lives(machine, jnet, container.bridge(), deeds, ALONE))));
            try (PluginClient client = PluginClient.connect(Workbench.pluginSocket(machine))) {
                fill(PluginNetwork.create(client, 1));
            }
            List<Deed> more = new ArrayList<>(deeds);
            more.add(new Deed(
                    WHOLE_BRIDGE,
                    "ip link delete " + PluginNetwork.bridge(1),
                    "test $(ls /sys/class/net/%s/brif | wc -l) -eq %d".formatted(PluginNetwork.bridge(1), OTHERS)));
            samples.putAll(rounds.interleave(List.of(lives(machine, jnet, container.bridge(), more, CROWDED))));
            try (PluginClient client = PluginClient.connect(Workbench.pluginSocket(machine))) {
                empty(PluginNetwork.known(client, 1));
            }
            container.remove();
        } finally {
            server.kill();
            jnet.stop();
        }
        return new Findings(
                List.of(ResultTable.of(
                        "What somebody else has undone, until it works again",
                        MILLISECONDS,
                        samples,
                        List.copyOf(samples.keySet()))),
                List.of(budget(samples, FLUSH + ALONE), budget(samples, FLUSH + CROWDED)));
    }

    private static List<Deed> deeds(String bridge) {
        String connect = "bash -c '</dev/tcp/%s/%d'".formatted(GATEWAY, PORT);
        String ping = "nsenter --net=/run/netns/handmade ping -q -c 1 -W 0.02 " + GATEWAY;
        return List.of(
                new Deed(FLUSH, FLUSH, connect),
                new Deed("bridge down", "ip link set %s down".formatted(bridge), ping),
                new Deed("bridge deleted", "ip link delete " + bridge, ping),
                new Deed("addresses flushed", "ip address flush dev " + bridge, ping),
                new Deed("port down", "ip link set $port down", ping),
                new Deed("port out of its bridge", "ip link set $port nomaster", ping));
    }

    /** Each deed in a life of the daemon's: what is undone more than five times in a minute is left so. */
    private static Consumer<Recorder> lives(
            Machine machine, JnetDaemon jnet, String bridge, List<Deed> deeds, String label) {
        return recorder -> {
            for (Deed deed : deeds) {
                jnet.kill();
                jnet.startAgain();
                machine.shell(deed.works());
                recorder.record(deed.name() + label, millis(machine, bridge, deed));
            }
        };
    }

    private static double millis(Machine machine, String bridge, Deed deed) {
        String took = machine.shell(
                """
                port=$(ip -oneline link show master %s | sed -E 's/^[0-9]+: ([^@:]+).*/\\1/')
                %s
                begun=$(date +%%s%%N); end=$((begun + 20000000000))
                until %s > /dev/null 2>&1 || [ $(date +%%s%%N) -gt $end ]; do :; done
                echo $((($(date +%%s%%N) - begun) / 1000))"""
                        .formatted(bridge, deed.line(), deed.works()));
        return Double.parseDouble(took.lines().reduce((first, last) -> last).orElseThrow()) / 1000;
    }

    private static void fill(PluginNetwork network) {
        for (int endpoint = 0; endpoint < OTHERS; endpoint++) {
            network.createEndpoint(endpoint);
            network.join(endpoint);
            network.publish(endpoint, List.of(FIRST_PORT + endpoint));
        }
    }

    private static void empty(PluginNetwork network) {
        for (int endpoint = 0; endpoint < OTHERS; endpoint++) {
            network.leave(endpoint);
            network.deleteEndpoint(endpoint);
        }
        network.delete();
    }

    private static Budget budget(Map<String, Samples> samples, String label) {
        return new Budget(
                label + ", until a published port is reached",
                samples.get(label).median(),
                LIMIT,
                MILLISECONDS);
    }
}
