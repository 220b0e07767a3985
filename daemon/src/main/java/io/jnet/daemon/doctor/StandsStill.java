package io.jnet.daemon.doctor;

import io.jnet.engine.rebuild.Unrecorded;
import java.util.List;
import java.util.stream.Collectors;

/** The daemon's state is not that of what is on the host. */
final class StandsStill extends Check {
    StandsStill() {
        super(
                "stands-still",
                Severity.ERROR,
                "the host has things of jnet that the daemon's state knows nothing of",
                "the daemon changes nothing before that is settled: no network and no container can be added or removed",
                "start the daemon with the right `--state-dir`; or, when that state is lost, `jnet adopt`; or, to cut off the containers, `jnet clean --instance ID`");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.daemon().status().stream()
                .flatMap(status -> status.unrecorded().stream())
                .collect(Collectors.groupingBy(Unrecorded::instance))
                .entrySet()
                .stream()
                .map(lost -> finding(
                        "%d object%s of instance %s not in the state, such as %s"
                                .formatted(
                                        lost.getValue().size(),
                                        lost.getValue().size() == 1 ? "" : "s",
                                        lost.getKey(),
                                        lost.getValue().get(0).object()),
                        "jnet daemon --state-dir with the right folder; when that state is lost:",
                        "jnet adopt",
                        "or, which cuts off the containers: jnet clean --instance " + lost.getKey()))
                .toList();
    }
}
