package io.jnet.daemon.doctor;

import io.jnet.daemon.control.PortView;
import io.jnet.engine.network.ShortId;
import java.util.List;

/** Another process took a published port while no daemon held it. */
final class PortTaken extends Check {
    PortTaken() {
        super(
                "port-taken",
                Severity.ERROR,
                "a published port is held by another process as well, which took it while no daemon ran",
                "connections from outside go to the container, and that process waits in vain; what the daemon itself serves (`::1`) goes to that process",
                "end that process, or publish another port");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.daemon().endpoints().stream()
                .flatMap(endpoint -> endpoint.ports().stream())
                .flatMap(port -> port.clashes().stream().map(clash -> finding(port, clash)))
                .toList();
    }

    private Finding finding(PortView port, String clash) {
        return finding(
                "port %d/%s of endpoint %s: %s"
                        .formatted(port.hostPort(), port.protocol(), ShortId.of(port.endpoint()), clash),
                "end that process, or publish another port; jnet takes the port again as soon as it is free");
    }
}
