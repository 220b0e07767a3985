package io.jnet.testbed.system;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The lab of a class of tests, with dockerd and jnet on its host, which are started beside each other. Register it as a static field. After each test all containers and
 * networks are removed; a failed test is followed by what the daemons logged.
 *
 * <p>The system property {@code jnet.testbed.driver} names another driver, for telling a fault of the lab from a fault of jnet: with
 * {@code bridge}, Docker's own, jnet is not started.
 */
public final class DockerLab implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    /** The network driver under test. */
    public static final String DRIVER = System.getProperty("jnet.testbed.driver", "jnet");

    private static final int LOG_TAIL = 6000;

    private final String driver;
    private final List<String> dockerdOptions;
    private boolean cleansAfterEach = true;
    private Lab lab;
    private JnetDaemon jnet;
    private DockerEngine docker;

    private DockerLab(String driver, List<String> dockerdOptions) {
        this.driver = driver;
        this.dockerdOptions = List.copyOf(dockerdOptions);
    }

    /** A lab with the driver under test. */
    public static DockerLab withDockerd(String... options) {
        return new DockerLab(DRIVER, List.of(options));
    }

    /** A lab with Docker's own bridge driver. */
    public static DockerLab withoutJnet() {
        return new DockerLab("bridge", List.of());
    }

    /** Lets containers and networks stay until the end of the class. */
    public DockerLab keepingContainers() {
        cleansAfterEach = false;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        lab = Lab.open();
        try {
            docker = DockerEngine.launch(lab.host(), dockerdOptions);
            if (usesJnet()) {
                jnet = JnetDaemon.start(lab.host());
            }
            docker.waitUntilReady();
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.err.printf(
                    "%s failed.%n--- dockerd%n%s%n--- jnet%n%s%n",
                    context.getDisplayName(),
                    tail(docker.log()),
                    Optional.ofNullable(jnet).map(daemon -> tail(daemon.log())).orElse("not used"));
        }
        if (cleansAfterEach) {
            docker.removeEverything();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        lab.close();
    }

    /** Makes a network of the driver under test, with these options of {@code docker network create}. */
    public void createNetwork(String name, String... options) {
        List<String> arguments = new ArrayList<>(List.of("network", "create", "--driver", driver));
        arguments.addAll(List.of(options));
        arguments.add(name);
        docker.docker(arguments).orThrow();
    }

    /** Whether the driver under test is jnet's. */
    public boolean usesJnet() {
        return driver.equals("jnet");
    }

    /** The driver under test. */
    public String driver() {
        return driver;
    }

    /** The network around. */
    public Lab lab() {
        return lab;
    }

    /** The machine with dockerd and jnet. */
    public Machine host() {
        return lab.host();
    }

    /** The engine. */
    public DockerEngine docker() {
        return docker;
    }

    /** The daemon under test. */
    public JnetDaemon jnet() {
        return jnet;
    }

    private static String tail(String log) {
        return log.substring(Math.max(0, log.length() - LOG_TAIL));
    }
}
