package io.jnet.bench.daemon;

import io.jnet.bench.Workbench;
import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Machine;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon that has been started against the clock.
 *
 * @param process it
 * @param millis from the start of the process to the first answer on the plugin socket
 */
record MeasuredDaemon(BackgroundProcess process, double millis) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final double NANOS_PER_MILLI = 1e6;

    static MeasuredDaemon start(Installation installation) {
        Machine machine = installation.machine();
        Path socket = Workbench.pluginSocket(machine);
        long start = System.nanoTime();
        BackgroundProcess process = machine.start(installation.command());
        while (!answers(socket)) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("no answer from " + process + "\n" + process.log());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return new MeasuredDaemon(process, (System.nanoTime() - start) / NANOS_PER_MILLI);
    }

    private static boolean answers(Path socket) {
        try (PluginClient client = PluginClient.connect(socket)) {
            client.call("Plugin.Activate", Map.of());
            return true;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    void stop() {
        process.terminate();
        process.waitForEnd(PATIENCE);
    }
}
