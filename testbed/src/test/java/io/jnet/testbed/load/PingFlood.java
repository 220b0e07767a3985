package io.jnet.testbed.load;

import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A flood of echo requests that goes on until somebody wants to know what was lost. */
public final class PingFlood implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String INTERVAL_SECONDS = "0.002";
    /** How often it is asked: at any time one request may be on its way, but hardly at each of so many times. */
    private static final int LOOKS = 20;
    /** A tenth of a second's; with fewer nothing would be shown. */
    private static final int LEAST = 50;
    /** What ping(8) of iputils tells of itself on SIGQUIT: {@code 100/100 packets, 0% loss}; answers come first. */
    private static final Pattern SNAPSHOT = Pattern.compile("(\\d+)/(\\d+) packets, ");

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
    public static PingFlood start(Machine machine, List<String> entrance, String address) {
        List<String> command = new ArrayList<>(entrance);
        command.addAll(List.of("ping", "-q", "-i", INTERVAL_SECONDS, address));
        return new PingFlood(machine.start(command));
    }

    /**
     * Ends it and gives the number of requests that were not answered. One that was lost is missing at each look, one that is on its way at a
     * few.
     */
    public int lost() {
        int lost = Integer.MAX_VALUE;
        for (int look = 0; look < LOOKS && lost > 0; look++) {
            MatchResult seen = look(look);
            int sent = Integer.parseInt(seen.group(2));
            if (sent < LEAST) {
                throw new IllegalStateException("not a flood: " + ping.log());
            }
            lost = Math.min(lost, sent - Integer.parseInt(seen.group(1)));
        }
        close();
        return lost;
    }

    private MatchResult look(int before) {
        ping.quit();
        return Eventually.present("what ping has counted", PATIENCE, () -> snapshot(before));
    }

    private Optional<MatchResult> snapshot(int before) {
        return SNAPSHOT.matcher(ping.log()).results().skip(before).findFirst();
    }

    @Override
    public void close() {
        ping.kill();
    }
}
