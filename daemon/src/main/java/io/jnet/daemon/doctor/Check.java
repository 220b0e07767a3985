package io.jnet.daemon.doctor;

import java.util.List;

/** One thing that can be wrong with a host. Without state. */
public abstract class Check {
    private final String id;
    private final Severity severity;
    private final String when;
    private final String why;
    private final String cure;

    /**
     * @param id small letters and hyphens
     * @param when when it is found, for the documentation
     * @param why what follows from it
     * @param cure what mends it, for the documentation: with names in capitals in place of the host's
     */
    Check(String id, Severity severity, String when, String why, String cure) {
        this.id = id;
        this.severity = severity;
        this.when = when;
        this.why = why;
        this.cure = cure;
    }

    /** Its name. */
    public final String id() {
        return id;
    }

    /** That of its findings. */
    public final Severity severity() {
        return severity;
    }

    final String when() {
        return when;
    }

    final String why() {
        return why;
    }

    final String cure() {
        return cure;
    }

    /** Looks; empty when all is well, or cannot be told. */
    abstract List<Finding> look(HostView host);

    final Finding finding(String what, String... mend) {
        return finding(what, List.of(mend));
    }

    final Finding finding(String what, List<String> mend) {
        return new Finding(id, severity.text(), what, why, mend);
    }
}
