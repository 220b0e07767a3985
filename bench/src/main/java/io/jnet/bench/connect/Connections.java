package io.jnet.bench.connect;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.plugin.PluginNetwork;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Connecting to a published port from a neighbour, with one port published on the host and with ten thousand. */
public final class Connections implements Section {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 5000;
    private static final int ENDPOINT = 1;
    private static final int JNET_PORT = 8080;
    private static final int BRIDGE_PORT = 8081;
    private static final String BRIDGE = "bridge, 1 port";
    private static final String JNET_ONE = "jnet, 1 port";
    private static final String JNET_MANY = "jnet, 10,000 ports";
    /** One of them is the one that is connected to. */
    private static final List<Integer> OTHER_PORTS =
            IntStream.range(20_000, 29_999).boxed().toList();

    private static final double FACTOR = 1.1;

    private final Workbench bench;
    private final Rounds rounds;

    public Connections(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds.dividedBy(3);
    }

    @Override
    public Findings measure() {
        Container ofBridge = bench.idle("of-bridge", publish(Workbench.BRIDGE, BRIDGE_PORT));
        Container ofJnet = bench.idle("of-jnet", publish(Workbench.JNET, JNET_PORT));
        List<BackgroundProcess> servers = List.of(serve(ofBridge), serve(ofJnet));
        try (PluginClient client = PluginClient.connect(bench.pluginSocket())) {
            PluginNetwork network = PluginNetwork.create(client, 1);
            network.createEndpoint(ENDPOINT);
            network.join(ENDPOINT);
            Map<String, Samples> samples = rounds.interleave(List.of(
                    recorder -> connect(recorder, BRIDGE, BRIDGE_PORT),
                    recorder -> connect(recorder, JNET_ONE, JNET_PORT),
                    recorder -> {
                        recorder.time("publish", () -> network.publish(ENDPOINT, OTHER_PORTS));
                        connect(recorder, JNET_MANY, JNET_PORT);
                        recorder.time("withdraw", () -> network.revoke(ENDPOINT));
                    }));
            network.leave(ENDPOINT);
            network.deleteEndpoint(ENDPOINT);
            network.delete();
            return findings(samples);
        } finally {
            servers.forEach(BackgroundProcess::kill);
            ofBridge.remove();
            ofJnet.remove();
        }
    }

    private static List<String> publish(String network, int port) {
        return List.of("--network", network, "--publish", port + ":80");
    }

    private BackgroundProcess serve(Container container) {
        BackgroundProcess server = bench.host()
                .start(
                        "nsenter",
                        "--target",
                        container.pid(),
                        "--net",
                        "--",
                        java(),
                        "-cp",
                        classes(),
                        AcceptAll.class.getName(),
                        "80");
        Eventually.holds("the server listens", PATIENCE, () -> server.log().contains("listening"));
        return server;
    }

    private void connect(Recorder recorder, String label, int port) {
        String[] times = bench.outside()
                .run(
                        java(),
                        "-cp",
                        classes(),
                        ConnectTimes.class.getName(),
                        Lab.HOST_ADDRESS,
                        Integer.toString(port),
                        Integer.toString(CONNECTIONS))
                .orThrow()
                .text()
                .split(" ", 3);
        recorder.record(label + ", p50", Double.parseDouble(times[0]));
        recorder.record(label + ", p99", Double.parseDouble(times[1]));
        recorder.record(label + ", rate", Double.parseDouble(times[2]));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classes() {
        return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                .map(path -> Path.of(path).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
    }

    private static Findings findings(Map<String, Samples> samples) {
        List<String> labels = List.of(BRIDGE, JNET_ONE, JNET_MANY);
        return new Findings(
                List.of(
                        ResultTable.of(
                                "TCP connect through a published port, each round's median",
                                "us",
                                samples,
                                labels.stream().map(label -> label + ", p50").toList()),
                        ResultTable.of(
                                "TCP connect through a published port, each round's 99th percentile",
                                "us",
                                samples,
                                labels.stream().map(label -> label + ", p99").toList()),
                        ResultTable.of(
                                "TCP connections through a published port, one after the other",
                                "a second",
                                samples,
                                labels.stream().map(label -> label + ", rate").toList()),
                        ResultTable.of("9,999 ports, one call to jnet", "ms", samples, List.of("publish", "withdraw"))),
                List.of(
                        budget(
                                "connect with 10,000 published ports, against 1.1 times that with one",
                                samples,
                                JNET_MANY,
                                JNET_ONE),
                        budget(
                                "connect with one published port, against 1.1 times that with the bridge driver",
                                samples,
                                JNET_ONE,
                                BRIDGE)));
    }

    private static Budget budget(String promise, Map<String, Samples> samples, String label, String other) {
        return new Budget(
                promise,
                samples.get(label + ", p50").median(),
                FACTOR * samples.get(other + ", p50").median(),
                "us");
    }
}
