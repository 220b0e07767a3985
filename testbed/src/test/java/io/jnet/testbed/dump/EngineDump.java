package io.jnet.testbed.dump;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** What the daemon of a machine says that there is: networks, endpoints, ports, pools, leases, as it answers. */
public final class EngineDump {
    private static final List<String> PARTS = List.of("networks", "endpoints", "ports", "ipam/pools", "ipam/leases");

    private EngineDump() {}

    /** One line for each part, which begins with its name. */
    public static String of(Machine machine) {
        Iterator<String> answers = ask(machine).orThrow().output().lines().iterator();
        return PARTS.stream()
                .map(part -> "%s %s%n".formatted(part, answers.next()))
                .collect(Collectors.joining());
    }

    /** Whether the daemon answers. */
    public static boolean isAnswered(Machine machine) {
        return ask(machine).succeeded();
    }

    /** By curl, once for all: the command line would be a Java runtime for each part. */
    private static CommandResult ask(Machine machine) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--fail", "--fail-early"));
        command.addAll(List.of("--write-out", "\n", "--unix-socket", JnetDaemon.SOCKET));
        PARTS.forEach(part -> command.add("http://jnet/v1/" + part));
        return machine.run(command);
    }
}
