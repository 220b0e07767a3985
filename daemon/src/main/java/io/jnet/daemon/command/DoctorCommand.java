package io.jnet.daemon.command;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.doctor.Checks;
import io.jnet.daemon.doctor.Finding;
import io.jnet.daemon.doctor.HostView;
import io.jnet.daemon.doctor.Report;
import io.jnet.daemon.doctor.Severity;
import io.jnet.daemon.terminal.Colour;
import io.jnet.daemon.terminal.Plain;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jnet doctor}. */
@Command(
        name = "doctor",
        description =
                "Say what is wrong with this host for jnet, and what mends it. Exit status 1 when there is an error; warnings and notes do not count.")
final class DoctorCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private DaemonSocket socket;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    DoctorCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Report report;
        try (HostView host = HostView.open(() -> DaemonSays.ask(socket.path()))) {
            report = Report.of(Checks.run(host));
        }
        if (json) {
            context.printJson(report);
        } else {
            print(report.findings(), context.out());
        }
        return report.healthy() ? 0 : 1;
    }

    private static void print(List<Finding> findings, PrintWriter out) {
        for (Finding finding : findings) {
            out.println(
                    colour(finding).of(finding.severity()) + " " + finding.id() + ": " + Plain.text(finding.what()));
            out.println("  why:  " + finding.why());
            finding.mend().forEach(line -> out.println("  mend: " + Plain.text(line)));
        }
        out.println(
                findings.isEmpty()
                        ? Colour.GOOD.of("Nothing is wrong with this host, as far as jnet sees.")
                        : "errors: %d, warnings: %d, notes: %d"
                                .formatted(
                                        count(findings, Severity.ERROR),
                                        count(findings, Severity.WARNING),
                                        count(findings, Severity.NOTE)));
    }

    private static Colour colour(Finding finding) {
        if (finding.severity().equals(Severity.ERROR.text())) {
            return Colour.BAD;
        }
        return finding.severity().equals(Severity.WARNING.text()) ? Colour.DOUBTFUL : Colour.HEADING;
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity().equals(severity.text()))
                .count();
    }
}
