package io.jnet.testbed.load;

import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A flood of a fixed number of echo requests; it ends when each has been answered or given up. */
public final class PingFlood {
    /** Ten thousand take twenty seconds, and several times that on a machine that has other work. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String INTERVAL_SECONDS = "0.002";
    /** As ping(8) of iputils ends: {@code 100 packets transmitted, 100 received, 0% packet loss}. */
    private static final Pattern SUMMARY = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private final BackgroundProcess ping;

    private PingFlood(BackgroundProcess ping) {
        this.ping = ping;
    }

    /**
     * Starts to ping, 500 times a second.
     *
     * @param machine where
     * @param entrance what brings ping into a container's network, or nothing for the machine's own
     */
    public static PingFlood start(Machine machine, List<String> entrance, String address, int count) {
        List<String> command = new ArrayList<>(entrance);
        command.addAll(
                List.of("ping", "-q", "-i", INTERVAL_SECONDS, "-c", Integer.toString(count), "-W", "2", address));
        return new PingFlood(machine.start(command));
    }

    /** Whether it is still going on: what is to be judged has to happen meanwhile. */
    public boolean isRunning() {
        return ping.isAlive();
    }

    /** Waits for the end and gives the number of requests that were not answered. */
    public int lost() {
        ping.waitForEnd(PATIENCE);
        Matcher summary = SUMMARY.matcher(ping.log());
        if (!summary.find()) {
            throw new IllegalStateException("no summary: " + ping.log());
        }
        return Integer.parseInt(summary.group(1)) - Integer.parseInt(summary.group(2));
    }
}
