package io.jnet.testbed.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips system tests where they cannot run, except where {@code CI} is set: there a missing tool is a failure. */
final class SystemTestCondition implements ExecutionCondition {
    private static final List<String> PROGRAMS = List.of(
            "dockerd",
            "docker",
            "docker-compose",
            "nsenter",
            "unshare",
            "ip",
            "nft",
            "iptables",
            "conntrack",
            "socat",
            "busybox",
            "ping",
            "curl",
            "ss",
            "/usr/lib/cni/bridge");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            missing.add("root");
        }
        PROGRAMS.stream().filter(program -> !isInstalled(program)).forEach(missing::add);
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("everything is there");
        }
        String reason = "system tests need " + String.join(", ", missing) + "; ./verify installs packages";
        if (System.getenv("CI") != null) {
            throw new IllegalStateException(reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }

    private static boolean isInstalled(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Arrays.stream(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
