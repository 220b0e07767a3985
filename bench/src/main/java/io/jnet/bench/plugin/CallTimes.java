package io.jnet.bench.plugin;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.daemon.PluginClient;
import java.util.List;
import java.util.Map;

/** jnet's own part of a {@code docker run -p} and its {@code docker rm}: how long each of dockerd's calls takes. */
public final class CallTimes implements Section {
    private static final int ENDPOINT = 1;
    private static final int REPETITIONS = 5;
    private static final List<Integer> PORT = List.of(8080);
    private static final List<String> CALLS = List.of(
            "CreateEndpoint",
            "Join",
            "ProgramExternalConnectivity",
            "RevokeExternalConnectivity",
            "Leave",
            "DeleteEndpoint");

    private final Workbench bench;
    private final Rounds rounds;

    public CallTimes(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = new Rounds(rounds.warmUp(), REPETITIONS * rounds.counted());
    }

    @Override
    public Findings measure() {
        try (PluginClient client = PluginClient.connect(bench.pluginSocket())) {
            PluginNetwork network = PluginNetwork.create(client, 1);
            Map<String, Samples> samples = rounds.interleave(List.of(recorder -> life(network, recorder)));
            network.delete();
            return new Findings(
                    List.of(ResultTable.of("Calls of dockerd to jnet, question to answer", "ms", samples, CALLS)),
                    List.of());
        }
    }

    private static void life(PluginNetwork network, Recorder recorder) {
        recorder.time("CreateEndpoint", () -> network.createEndpoint(ENDPOINT));
        recorder.time("Join", () -> network.join(ENDPOINT));
        recorder.time("ProgramExternalConnectivity", () -> network.publish(ENDPOINT, PORT));
        recorder.time("RevokeExternalConnectivity", () -> network.revoke(ENDPOINT));
        recorder.time("Leave", () -> network.leave(ENDPOINT));
        recorder.time("DeleteEndpoint", () -> network.deleteEndpoint(ENDPOINT));
    }
}
