package io.jnet.daemon.doctor;

import java.util.List;

/**
 * What the checks found.
 *
 * @param healthy whether there is no error
 * @param findings the errors first, then the warnings, then the notes
 */
public record Report(boolean healthy, List<Finding> findings) {
    public Report {
        findings = List.copyOf(findings);
    }

    /** The report of these findings. */
    public static Report of(List<Finding> findings) {
        return new Report(
                findings.stream().noneMatch(finding -> finding.severity().equals(Severity.ERROR.text())), findings);
    }
}
