package io.jnet.daemon.doctor;

import io.jnet.daemon.client.DaemonSays;
import java.util.List;

/** Somebody listens on the control socket, and gives no answer. */
final class DaemonRefuses extends Check {
    DaemonRefuses() {
        super(
                "daemon-refuses",
                Severity.ERROR,
                "the daemon may not be asked, or answers with an error",
                "what only the daemon knows is not looked at here",
                "run as root, or as a member of the daemon's `--socket-group`; for an error: see the daemon's log");
    }

    @Override
    List<Finding> look(HostView host) {
        DaemonSays daemon = host.daemon();
        return switch (daemon.reach()) {
            case FORBIDDEN -> List.of(finding(daemon.problem(), "sudo jnet doctor"));
            case FAILS -> List.of(finding("the daemon does not answer: " + daemon.problem(), "journalctl -u jnet"));
            case ANSWERS, ABSENT -> List.of();
        };
    }
}
