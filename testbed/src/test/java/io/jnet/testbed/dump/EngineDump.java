package io.jnet.testbed.dump;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.List;

/** What the daemon of a machine says that there is: networks, endpoints, ports, pools, leases, as it answers. */
public final class EngineDump {
    private static final List<String> PARTS = List.of("networks", "endpoints", "ports", "ipam/pools", "ipam/leases");

    private EngineDump() {}

    /** One line for each part. */
    public static String of(Machine machine) {
        return ask(machine).orThrow().output();
    }

    /** Whether the daemon answers. */
    public static boolean isAnswered(Machine machine) {
        return ask(machine).succeeded();
    }

    /** By curl: the command line would be a Java runtime for each part. */
    private static CommandResult ask(Machine machine) {
        StringBuilder script = new StringBuilder("set -e\n");
        for (String part : PARTS) {
            script.append("answer=$(curl -sS --fail --unix-socket %s http://jnet/v1/%s)%necho \"%s $answer\"%n"
                    .formatted(JnetDaemon.SOCKET, part, part));
        }
        return machine.run("bash", "-c", script.toString());
    }
}
