package io.jnet.testbed.load;

import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@link ConnectionLoad} that runs on a machine until it is stopped. */
public final class Load {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final BackgroundProcess process;
    private final Path stopFile;

    private Load(BackgroundProcess process, Path stopFile) {
        this.process = process;
        this.stopFile = stopFile;
    }

    /**
     * Starts the load and waits until it runs.
     *
     * @param client the machine that connects
     * @param folder one that the machine and the JVM see under the same path
     * @param address where the ports are published
     */
    public static Load start(Machine client, Path folder, String address, int webPort, int echoPort) {
        Path stopFile = folder.resolve("stop-load");
        BackgroundProcess process = client.start(java(
                List.of(),
                ConnectionLoad.class,
                address,
                Integer.toString(webPort),
                Integer.toString(echoPort),
                stopFile.toString()));
        waitForStart(process);
        return new Load(process, stopFile);
    }

    /**
     * Starts the servers that the load talks to and waits until they listen.
     *
     * @param entrance what brings a program of this machine into a container's network
     */
    public static BackgroundProcess startServer(Machine machine, List<String> entrance, int webPort, int echoPort) {
        BackgroundProcess process =
                machine.start(java(entrance, LoadServer.class, Integer.toString(webPort), Integer.toString(echoPort)));
        waitForStart(process);
        return process;
    }

    private static List<String> java(List<String> entrance, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(entrance);
        command.addAll(List.of("java", "-Xmx128m", "-XX:+UseSerialGC", "-cp", classes(), program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void waitForStart(BackgroundProcess process) {
        Eventually.holds(process + " runs", PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("it has ended: " + process.log());
            }
            return process.log().contains("started");
        });
    }

    /** Waits until so many connections have been tried; a multiple of 100. */
    public void waitForConnections(int number) {
        Eventually.holds(
                number + " connections", PATIENCE, () -> process.log().contains("connections " + number + "\n"));
    }

    /** Ends the load and gives what it has come to. */
    public LoadReport stop() {
        try {
            Files.createFile(stopFile);
            process.waitForEnd(PATIENCE);
            Files.delete(stopFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LoadReport.parse(process.log());
    }

    /** What the load has said about its failures. */
    public String log() {
        return process.log();
    }

    private static String classes() {
        try {
            return Path.of(ConnectionLoad.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
