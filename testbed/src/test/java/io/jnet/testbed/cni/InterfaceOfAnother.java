package io.jnet.testbed.cni;

import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;

/** A container's interface {@code eth0} with the address 10.87.0.2/24, as another plugin makes it. */
public final class InterfaceOfAnother implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Machine machine;

    private InterfaceOfAnother(Machine machine) {
        this.machine = machine;
    }

    /** Makes it for a container whose namespace {@code ip netns} has made under its name, and waits until it is settled. */
    public static InterfaceOfAnother make(Machine machine, String container) {
        machine.shell(
                """
                ip link add other0 type veth peer name eth0 netns %1$s
                ip address add 10.87.0.1/24 dev other0 && ip link set other0 up
                ip -n %1$s address add 10.87.0.2/24 dev eth0 && ip -n %1$s link set eth0 up
                """
                        .formatted(container));
        Eventually.holds("the link is settled", PATIENCE, () -> !machine.shell("ip -6 address show tentative")
                .contains("inet6"));
        return new InterfaceOfAnother(machine);
    }

    /** Removes it. */
    @Override
    public void close() {
        machine.shell("ip link delete other0");
    }
}
