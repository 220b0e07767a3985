package io.jnet.bench.names;

import io.jnet.bench.Section;
import io.jnet.bench.Workbench;
import io.jnet.bench.measure.Memory;
import io.jnet.bench.measure.Recorder;
import io.jnet.bench.measure.Rounds;
import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.Budget;
import io.jnet.bench.report.Findings;
import io.jnet.bench.report.ResultTable;
import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Names asked for from containers on two bridges of one host, of which jnet serves one and aardvark-dns the other: a container's name, and one of
 * the outside, whose server both of them ask, one after the other and many at a time.
 */
public final class NameTimes implements Section {
    private static final int COUNT = 20_000;
    private static final int MANY = 32;
    private static final String NETWORK = "names";
    private static final String BRIDGE = "aardvark0";
    private static final String OUTSIDE = "www.example.test";

    private final Workbench bench;
    private final Rounds rounds;
    private final Server jnet;
    private final Server aardvark;

    public NameTimes(Workbench bench, Rounds rounds) {
        this.bench = bench;
        this.rounds = rounds.dividedBy(3);
        this.jnet = new Server("jnet", 1);
        this.aardvark = new Server("aardvark-dns", 2);
    }

    /** Who serves a bridge, and the container on it that asks. */
    private record Server(String label, int number) {
        /** Also its short id, which is a name of it. */
        String container() {
            return "c0ffeec0ffe" + number;
        }

        String address(int host) {
            return "10.94." + number + "." + host;
        }
    }

    @Override
    public Findings measure() {
        Machine machine = bench.empty();
        machine.shell("ip address add 198.51.100.1/32 dev lo");
        Stream.of(jnet, aardvark).forEach(server -> machine.shell("ip netns add " + server.container()));
        JnetDaemon daemon = JnetDaemon.start(machine);
        NameServers servers = new NameServers(bench);
        Deque<Runnable> ends = new ArrayDeque<>();
        try {
            CniCall.of("ADD", jnet.container(), configuration()).run(machine).result();
            machine.shell(bridge(aardvark));
            ends.push(servers.outside("198.51.100.1")::kill);
            String other = servers.aardvark(aardvark.address(1), aardvark.container(), aardvark.address(2));
            ends.push(() -> machine.run("kill", other));
            List<Consumer<Recorder>> cases = new ArrayList<>();
            cases.add(recorder -> {
                record(recorder, jnet, Memory.of(daemon.pid()));
                record(
                        recorder,
                        aardvark,
                        Memory.read(machine.outsidePathOf("/proc/%s/smaps_rollup".formatted(other))));
            });
            for (boolean outside : List.of(false, true)) {
                for (int window : List.of(1, MANY)) {
                    cases.add(recorder -> ask(recorder, jnet, outside, window));
                    cases.add(recorder -> ask(recorder, aardvark, outside, window));
                }
            }
            return findings(rounds.interleave(cases));
        } finally {
            ends.forEach(Runnable::run);
            CniCall.of("DEL", jnet.container(), configuration()).run(machine);
            machine.run(JnetDaemon.distribution().resolve("bin/jnet").toString(), "network", "rm", NETWORK);
            daemon.stop();
            machine.run("ip", "link", "delete", BRIDGE);
            Stream.of(jnet, aardvark).forEach(server -> machine.run("ip", "netns", "delete", server.container()));
            machine.run("ip", "address", "delete", "198.51.100.1/32", "dev", "lo");
        }
    }

    private static String configuration() {
        return """
                {"cniVersion":"1.0.0","name":"%s","type":"jnet","isDefaultGateway":true,
                "ipam":{"type":"jnet","subnet":"10.94.1.0/24"}}"""
                .formatted(NETWORK);
    }

    private static String bridge(Server server) {
        return """
                ip link add %1$s type bridge && ip link set %1$s up && ip address add %2$s/24 dev %1$s
                ip link add veth-%1$s type veth peer name eth0 netns %4$s
                ip link set veth-%1$s master %1$s up
                ip -n %4$s link set eth0 up && ip -n %4$s address add %3$s/24 dev eth0"""
                .formatted(BRIDGE, server.address(1), server.address(2), server.container());
    }

    private void ask(Recorder recorder, Server server, boolean outside, int window) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + server.container(), "--"));
        command.addAll(NameServers.java(
                AskNames.class,
                server.address(1),
                outside ? OUTSIDE : server.container(),
                Integer.toString(COUNT),
                Integer.toString(window)));
        String[] figures = bench.empty().run(command).orThrow().text().split(" ", 4);
        if (!figures[3].equals("0")) {
            throw new IllegalStateException(server.label() + " left " + figures[3] + " questions unanswered");
        }
        String label = label(server, outside, window);
        recorder.record(label + ", rate", Double.parseDouble(figures[0]));
        recorder.record(label + ", p50", Double.parseDouble(figures[1]));
        recorder.record(label + ", p99", Double.parseDouble(figures[2]));
    }

    private static void record(Recorder recorder, Server server, Memory memory) {
        recorder.record(server.label() + ", total", memory.total());
        recorder.record(server.label() + ", anonymous", memory.anonymous());
    }

    private static String label(Server server, boolean outside, int window) {
        return "%s, %s, %s"
                .formatted(
                        server.label(),
                        outside ? "an outside name" : "a container's name",
                        window == 1 ? "one at a time" : window + " at a time");
    }

    private Findings findings(Map<String, Samples> samples) {
        List<String> labels = new ArrayList<>();
        List<Budget> budgets = new ArrayList<>();
        for (boolean outside : List.of(false, true)) {
            for (int window : List.of(1, MANY)) {
                String own = label(jnet, outside, window);
                String other = label(aardvark, outside, window);
                labels.addAll(List.of(own, other));
                budgets.add(new Budget(
                        own + ", questions of aardvark-dns in the time of one",
                        samples.get(other + ", rate").median()
                                / samples.get(own + ", rate").median(),
                        1,
                        "questions"));
                budgets.add(new Budget(
                        own + ", 99th percentile, against aardvark-dns",
                        samples.get(own + ", p99").median(),
                        samples.get(other + ", p99").median(),
                        "us"));
            }
        }
        return new Findings(
                List.of(
                        table("Names, questions answered", "a second", samples, labels, ", rate"),
                        table("Names, question to answer, each round's median", "us", samples, labels, ", p50"),
                        table(
                                "Names, question to answer, each round's 99th percentile",
                                "us",
                                samples,
                                labels,
                                ", p99"),
                        ResultTable.of(
                                "Names, memory of who answers (smaps_rollup), after questions",
                                "MB",
                                samples,
                                Stream.of(jnet, aardvark)
                                        .flatMap(server ->
                                                Stream.of(server.label() + ", total", server.label() + ", anonymous"))
                                        .toList())),
                budgets);
    }

    private static ResultTable table(
            String title, String unit, Map<String, Samples> samples, List<String> labels, String kind) {
        return ResultTable.of(
                title, unit, samples, labels.stream().map(label -> label + kind).toList());
    }
}
