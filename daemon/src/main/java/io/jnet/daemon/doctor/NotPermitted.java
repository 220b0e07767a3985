package io.jnet.daemon.doctor;

import java.util.List;

/** This process may not look at rules. */
final class NotPermitted extends Check {
    NotPermitted() {
        super(
                "not-permitted",
                Severity.ERROR,
                "`jnet doctor` runs without CAP_NET_ADMIN",
                "rules of the firewall cannot be looked at, so what depends on them is not checked",
                "`sudo jnet doctor`");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.isPermitted()
                ? List.of()
                : List.of(finding("this command may not look at the firewall's rules", "sudo jnet doctor"));
    }
}
