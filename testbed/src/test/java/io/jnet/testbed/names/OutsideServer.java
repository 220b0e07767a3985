package io.jnet.testbed.names;

import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A name server of somebody else's: dnsmasq, which logs what it is asked. */
public final class OutsideServer {
    private static final Duration START = Duration.ofSeconds(10);

    private final BackgroundProcess process;

    private OutsideServer(BackgroundProcess process) {
        this.process = process;
    }

    /**
     * Starts one at port 53 of all addresses of a machine, which knows no names but these.
     *
     * @param names each with its address: {@code www.outside.test=192.0.2.9}
     */
    public static OutsideServer start(Machine machine, String... names) {
        List<String> command = new ArrayList<>(List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=root",
                "--no-resolv",
                "--no-hosts",
                "--local=/test/",
                "--log-queries",
                "--log-facility=-"));
        for (String name : names) {
            command.add("--host-record=" + name.replace('=', ','));
        }
        OutsideServer server = new OutsideServer(machine.start(command));
        Eventually.holds(
                "dnsmasq listens", START, () -> machine.run("ss", "--udp", "--listening", "--numeric", "--no-header")
                        .text()
                        .contains("0.0.0.0:53 "));
        return server;
    }

    /** Whether it was asked for a name, of whatever type. */
    public boolean wasAskedFor(String name) {
        return process.log().contains("] " + name + " from ");
    }

    /** Ends it. */
    public void stop() {
        process.close();
    }
}
