package io.jnet.daemon.doctor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * firewalld runs, and a bridge is in none of its zones: it was loaded again while no daemon could put the bridge back. firewalld has a rule for each
 * interface of a zone, so its table is looked at, and not the bus.
 */
final class FirewalldZone extends Check {
    private static final String TABLE = "firewalld";

    /** {@code jbr-*} in a rule: a value of four bytes, with the header of its attribute, in the machine's byte order on all that jnet runs on. */
    private static final byte[] ALL_OF_JNET = "\u0008\u0000\u0001\u0000jbr-".getBytes(StandardCharsets.ISO_8859_1);

    FirewalldZone() {
        super(
                "firewalld-zone",
                Severity.ERROR,
                "firewalld runs, and a network's bridge is in none of its zones",
                "firewalld treats the network as one of the default zone, and forwards nothing from it",
                "`firewall-cmd --zone=trusted --change-interface=BRIDGE`; the daemon does that by itself while it runs");
    }

    @Override
    List<Finding> look(HostView host) {
        if (!host.filters().zones()) {
            return List.of();
        }
        boolean byBeginning = host.mentions(TABLE, ALL_OF_JNET);
        return host.networksWithOutside().stream()
                // The zone of a bridge of somebody else is its owner's to choose.
                .filter(network -> !network.adopted()
                        && network.link().isPresent()
                        && !network.subnets().isEmpty())
                .filter(network -> !(byBeginning && network.bridge().startsWith("jbr-")))
                .filter(network -> !host.mentions(TABLE, whole(network.bridge())))
                .map(network -> finding(
                        "the bridge of " + network.title() + " is in no zone of firewalld" + trouble(host),
                        "firewall-cmd --zone=trusted --change-interface=" + network.bridge()))
                .toList();
    }

    private static byte[] whole(String name) {
        return (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String trouble(HostView host) {
        return host.daemon()
                .status()
                .flatMap(status -> status.notes().stream()
                        .filter(DaemonNotes::isAboutZones)
                        .findFirst())
                .or(Optional::empty)
                .map(note -> " (" + note + ")")
                .orElse("");
    }
}
