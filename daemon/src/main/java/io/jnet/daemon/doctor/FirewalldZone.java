package io.jnet.daemon.doctor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * firewalld runs, and a bridge is in none of its zones: it was loaded again while no daemon could put the bridge back. firewalld has a rule for each
 * interface of a zone, so its table is looked at, and not the bus.
 */
final class FirewalldZone extends Check {
    private static final String TABLE = "firewalld";
    /** A value of one byte may be anything. */
    private static final int SHORTEST_BEGINNING = 2;

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
        return host.networksWithOutside().stream()
                // The zone of a bridge of somebody else is its owner's to choose.
                .filter(network -> !network.adopted()
                        && network.link().isPresent()
                        && !network.subnets().isEmpty())
                .filter(network -> !host.mentionsAny(TABLE, names(network.bridge())))
                .map(network -> finding(
                        "the bridge of " + network.title() + " is in no zone of firewalld" + trouble(host),
                        "firewall-cmd --zone=trusted --change-interface=" + network.bridge()))
                .toList();
    }

    /** How rules may name a bridge: as a whole, or by a beginning and an asterisk, which they have as a value of its length (NFTA_DATA_VALUE). */
    private static List<byte[]> names(String bridge) {
        List<byte[]> names = new ArrayList<>();
        names.add((bridge + '\0').getBytes(StandardCharsets.ISO_8859_1));
        for (int length = SHORTEST_BEGINNING; length <= bridge.length(); length++) {
            names.add(ByteBuffer.allocate(Integer.BYTES + length)
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) (Integer.BYTES + length))
                    .putShort((short) 1)
                    .put(bridge.substring(0, length).getBytes(StandardCharsets.ISO_8859_1))
                    .array());
        }
        return names;
    }

    private static String trouble(HostView host) {
        return host.daemon()
                .status()
                .flatMap(status -> status.notes().stream()
                        .filter(DaemonNotes::isAboutZones)
                        .findFirst())
                .map(note -> " (" + note + ")")
                .orElse("");
    }
}
