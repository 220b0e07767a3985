package io.jnet.daemon.doctor;

import java.util.List;

/** Networks without jnet's rules: somebody has flushed them while no daemon could put them back. */
final class RulesetMissing extends Check {
    static final String TABLE = "jnet";

    RulesetMissing() {
        super(
                "rules-missing",
                Severity.ERROR,
                "there are networks, and no `table inet jnet`",
                "no published port is reached, containers do not come out, and nothing keeps networks apart",
                "start the daemon, which puts the rules back: `systemctl restart jnet`, or `jnet daemon`");
    }

    @Override
    List<Finding> look(HostView host) {
        if (host.networks().isEmpty() || host.hasTable(TABLE)) {
            return List.of();
        }
        return List.of(finding(
                "table inet jnet is not there, with %d network%s"
                        .formatted(host.networks().size(), host.networks().size() == 1 ? "" : "s"),
                "systemctl restart jnet, or where it is no service: jnet daemon"));
    }
}
