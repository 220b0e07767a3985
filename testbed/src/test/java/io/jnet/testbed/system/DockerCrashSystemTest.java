package io.jnet.testbed.system;

import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.Crashes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/** The daemon dies at each step of what a real dockerd asks it for, and is started again while dockerd waits. */
@SystemTest
@EnabledIfSystemProperty(named = "jnet.long", matches = "true")
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerCrashSystemTest {
    private static final List<String> RUN = List.of(
            "run",
            "--detach",
            "--name",
            "one",
            "--network",
            "web",
            "--publish",
            "8080:80",
            Images.TOOLS,
            "sleep",
            "1000");

    private static Lab lab;
    private static Crashes crashes;
    private static DockerEngine docker;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        crashes = Crashes.on(lab);
        docker = DockerEngine.start(lab.host(), List.of());
        createNetwork();
        // What is made once and stays is there when everything was done once.
        run();
        removeContainer();
        removeNetwork();
    }

    @AfterAll
    static void close() {
        try {
            docker.close();
        } finally {
            lab.close();
        }
    }

    @Test
    void networks() {
        crashes.underAnEngine(
                "docker network create",
                () -> {},
                DockerCrashSystemTest::createNetwork,
                DockerCrashSystemTest::removeNetwork);
    }

    @Test
    void containers() {
        createNetwork();
        try {
            run();
            removeContainer();
            crashes.underAnEngine(
                    "docker run", () -> {}, DockerCrashSystemTest::run, DockerCrashSystemTest::removeContainer);
            crashes.underAnEngine(
                    "docker rm",
                    () -> docker.docker(RUN).orThrow(),
                    DockerCrashSystemTest::removeContainer,
                    DockerCrashSystemTest::removeContainer);
        } finally {
            removeContainer();
            removeNetwork();
        }
    }

    private static void createNetwork() {
        docker.docker("network", "create", "--driver", "jnet", "--subnet", "10.90.1.0/24", "web");
    }

    /** One that dockerd was not told of is jnet's user's to remove. */
    private static void removeNetwork() {
        if (docker.docker("network", "inspect", "web").succeeded()) {
            docker.docker("network", "rm", "web").orThrow();
        }
        for (JsonNode forgotten : crashes.daemon().json("network", "ls")) {
            crashes.daemon()
                    .run("network", "rm", "--forgotten", forgotten.path("id").asString())
                    .orThrow();
        }
    }

    private static void run() {
        docker.docker(RUN);
    }

    private static void removeContainer() {
        if (docker.docker("inspect", "one").succeeded()) {
            docker.docker("rm", "--force", "one");
        }
    }
}
