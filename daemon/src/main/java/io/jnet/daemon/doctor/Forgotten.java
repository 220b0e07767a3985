package io.jnet.daemon.doctor;

import java.util.List;

/** Endpoints that no container has joined: Docker may have forgotten them. */
final class Forgotten extends Check {
    Forgotten() {
        super(
                "forgotten",
                Severity.NOTE,
                "there are endpoints that no container has joined",
                "a container that is just starting has one; those that stay hold an address each, and Docker may have forgotten them",
                "`jnet prune --dry-run` asks Docker and lists what it has forgotten, `jnet prune` removes it");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.daemon().status().filter(status -> status.unjoined() > 0).stream()
                .map(status -> finding(
                        "%d of %d endpoints without a container".formatted(status.unjoined(), status.endpoints()),
                        "jnet prune --dry-run"))
                .toList();
    }
}
