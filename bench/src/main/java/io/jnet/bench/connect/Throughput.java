package io.jnet.bench.connect;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** One TCP stream of iperf3: between two containers, from a container to a neighbour machine, from there to a published port. */
public final class Throughput implements Section {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SECONDS = "2";
    private static final String SERVER_PORT = "5201";
    private static final double BITS_PER_GIGABIT = 1e9;
    /** What counts as behind: less than this part. */
    private static final double NOISE = 1.05;

    private static final List<String> PATHS =
            List.of("container to container", "container to outside", "outside to published");

    private final Workbench bench;
    private final Rounds rounds;

    public Throughput(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds.dividedBy(3);
    }

    @Override
    public Findings measure() {
        List<BackgroundProcess> servers = new ArrayList<>();
        List<Container> containers = new ArrayList<>();
        try {
            servers.add(serve(bench.outside().start("iperf3", "--server", "--forceflush")));
            List<Consumer<Recorder>> cases = new ArrayList<>();
            int hostPort = 5301;
            for (String network : List.of(Workbench.BRIDGE, Workbench.JNET)) {
                Container server = idle(containers, "server", network, "--publish", hostPort + ":" + SERVER_PORT);
                Container client = idle(containers, "client", network);
                List<String> command = new ArrayList<>(List.of(
                        "nsenter", "--target", server.pid(), "--net", "--", "iperf3", "--server", "--forceflush"));
                servers.add(serve(bench.host().start(command)));
                String address = server.address(network);
                String published = Integer.toString(hostPort);
                cases.add(recorder -> recorder.record(
                        label(PATHS.get(0), network), rate(client.inNetwork(iperf(address, SERVER_PORT)))));
                cases.add(recorder -> recorder.record(
                        label(PATHS.get(1), network), rate(client.inNetwork(iperf(Lab.OUTSIDE_ADDRESS, SERVER_PORT)))));
                cases.add(recorder -> recorder.record(
                        label(PATHS.get(2), network), rate(bench.outside().run(iperf(Lab.HOST_ADDRESS, published)))));
                hostPort++;
            }
            return findings(rounds.interleave(cases));
        } finally {
            servers.forEach(BackgroundProcess::kill);
            containers.forEach(Container::remove);
        }
    }

    private Container idle(List<Container> containers, String role, String network, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--network", network));
        arguments.addAll(List.of(options));
        Container container = bench.idle(role + "-" + network, arguments);
        containers.add(container);
        return container;
    }

    private static BackgroundProcess serve(BackgroundProcess server) {
        Eventually.holds("iperf3 listens", PATIENCE, () -> server.log().contains("Server listening"));
        return server;
    }

    private static String[] iperf(String address, String port) {
        return new String[] {"iperf3", "--client", address, "--port", port, "--time", SECONDS, "--json"};
    }

    /** Gigabits a second, as the receiver saw them. */
    private static double rate(CommandResult result) {
        return JSON.readTree(result.orThrow().text())
                        .at("/end/sum_received/bits_per_second")
                        .asDouble()
                / BITS_PER_GIGABIT;
    }

    private static String label(String path, String network) {
        return path + ", " + network;
    }

    private static Findings findings(Map<String, Samples> samples) {
        return new Findings(
                List.of(ResultTable.of(
                        "One TCP stream",
                        "Gbit/s",
                        samples,
                        PATHS.stream()
                                .flatMap(path -> Stream.of(label(path, Workbench.BRIDGE), label(path, Workbench.JNET)))
                                .toList())),
                PATHS.stream()
                        .map(path -> new Budget(
                                "throughput " + path + ": the bridge driver's, against 1.05 times jnet's",
                                samples.get(label(path, Workbench.BRIDGE)).median(),
                                NOISE * samples.get(label(path, Workbench.JNET)).median(),
                                "Gbit/s"))
                        .toList());
    }
}
