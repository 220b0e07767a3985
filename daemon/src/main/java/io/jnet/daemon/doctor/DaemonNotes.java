package io.jnet.daemon.doctor;

import java.util.List;

/** What the daemon itself has to say to a person, and no other check has found. */
final class DaemonNotes extends Check {
    private static final String OF_ZONES = "bridges are in no zone of firewalld";

    DaemonNotes() {
        super(
                "daemon-note",
                Severity.WARNING,
                "the daemon has a note for a person in `jnet status`",
                "the daemon has met something that it cannot settle by itself",
                "what the note says");
    }

    /** Of {@link FirewalldZone}. */
    static boolean isAboutZones(String note) {
        return note.startsWith(OF_ZONES);
    }

    @Override
    List<Finding> look(HostView host) {
        return host.daemon().status().stream()
                .flatMap(status -> status.notes().stream())
                .filter(note -> !isAboutZones(note) && !isAboutBarrier(host, note))
                .map(note -> finding(note, "what the note says; jnet status shows it as long as it holds"))
                .toList();
    }

    private static boolean isAboutBarrier(HostView host, String note) {
        return host.filters().barriers().stream().anyMatch(barrier -> note.startsWith(barrier.name()));
    }
}
