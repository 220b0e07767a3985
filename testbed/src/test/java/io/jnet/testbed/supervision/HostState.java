package io.jnet.testbed.supervision;

import io.jnet.testbed.dump.EngineDump;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The host, and what the daemon says that there is; pools have random names, and each lease and pool its time. */
record HostState(HostDump host, String engine) {
    /** An address that was on its way when a daemon died is free six seconds after the next start, and that is looked at every two. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Reads both; the daemon must answer. */
    static HostState of(Machine machine) {
        String engine = EngineDump.of(machine).replaceAll("@[0-9a-f]+\"", "@\"").replaceAll("\"since\":\"[^\"]*\"", "");
        return new HostState(HostDump.of(machine), engine);
    }

    /** What another one has more and less. */
    String difference(HostState later) {
        String difference = host.difference(later.host);
        return engine.equals(later.engine)
                ? difference
                : difference + "\nengine " + engine + "\n    -> " + later.engine;
    }

    /** Without endpoints that were made and never joined: an engine that had no answer knows nothing of them. */
    HostState withoutUnused() {
        String unused = "\\{\"id\":\"[0-9a-f]+\",[^{}]*\"state\":\"created\",[^{}]*\\}";
        return new HostState(
                host, engine.replaceAll(unused + ",?", "").replaceAll("\"(endpoints|unjoined)\":[0-9]+", "\"$1\":0"));
    }

    /**
     * Which of the expected ones it is. Waits, because the daemon follows what changes on the host.
     *
     * @throws AssertionError with the differences when it is none of them
     */
    static HostState requireOneOf(Collection<HostState> expected, String where, Supplier<HostState> now) {
        HostState settled = Eventually.settled(PATIENCE, now, expected::contains);
        if (!expected.contains(settled)) {
            throw new AssertionError(expected.stream()
                    .distinct()
                    .map(one -> one.difference(settled))
                    .collect(Collectors.joining(
                            "\n--- and differs from another one that it could be:\n", where + "\n", "")));
        }
        return settled;
    }
}
