package io.jnet.daemon.doctor;

import io.jnet.daemon.client.DaemonSays.Reach;
import java.util.List;

/** Nobody listens on the control socket. */
final class DaemonAbsent extends Check {
    DaemonAbsent() {
        super(
                "daemon-absent",
                Severity.ERROR,
                "no daemon listens on the control socket",
                "what is connected stays so, and Docker cannot connect anything new; nobody mends rules and bridges that others remove",
                "start it: `systemctl start jnet`, or `jnet daemon`");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.daemon().reach() == Reach.ABSENT
                ? List.of(finding(
                        host.daemon().problem(), "systemctl start jnet, or where it is no service: jnet daemon"))
                : List.of();
    }
}
