package io.jnet.daemon.doctor;

import java.util.List;

/** Without libnftables no daemon can start; one that runs has it loaded. */
final class LibraryMissing extends Check {
    LibraryMissing() {
        super(
                "libnftables-missing",
                Severity.ERROR,
                "`libnftables.so.1` cannot be loaded",
                "the daemon cannot start: rules are written by it",
                "`apt-get install libnftables1`");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.libraryProblem().map(problem -> finding(problem, "apt-get install libnftables1")).stream()
                .toList();
    }
}
