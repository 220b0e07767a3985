package io.jnet.testbed.machine;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The network that the tests play in.
 *
 * <pre>
 *   far ----(1500 | 1300)---- outside ----(1500)---- host ----(1500)---- outside2
 *   192.0.2.1    192.0.2.254    198.51.100.1  .10          203.0.113.10    .1
 *   2001:db8:2::1       ::fe    2001:db8::1   ::10         2001:db8:1::10  ::1
 * </pre>
 *
 * {@code host} has its default routes by {@code outside}, which is a router to {@code far}, over a link that takes only 1300 bytes:
 * {@code far} does not know, and announces segments that do not fit. Nobody but {@code host} knows container networks.
 */
public final class Lab implements AutoCloseable {
    /** The host's addresses on the uplink to {@link #outside()}. */
    public static final String HOST_ADDRESS = "198.51.100.10";

    public static final String HOST_ADDRESS_6 = "2001:db8::10";
    /** The host's addresses on the uplink to {@link #outside2()}. */
    public static final String HOST_SECOND_ADDRESS = "203.0.113.10";

    public static final String HOST_SECOND_ADDRESS_6 = "2001:db8:1::10";
    public static final String OUTSIDE_ADDRESS = "198.51.100.1";
    public static final String OUTSIDE_ADDRESS_6 = "2001:db8::1";
    public static final String OUTSIDE2_ADDRESS = "203.0.113.1";
    public static final String OUTSIDE2_ADDRESS_6 = "2001:db8:1::1";
    public static final String FAR_ADDRESS = "192.0.2.1";
    public static final String FAR_ADDRESS_6 = "2001:db8:2::1";

    private static final int ETHERNET = 1500;
    private static final int NARROW = 1300;

    private final Path folder = Folders.temporary();
    private final Deque<Machine> machines = new ArrayDeque<>();
    private final Machine host;
    private final Machine outside;
    private final Machine outside2;
    private final Machine far;

    private Lab() {
        try {
            host = boot("host");
            outside = boot("outside");
            outside2 = boot("outside2");
            far = boot("far");
            connect();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Boots the four machines and plugs them together. */
    public static Lab open() {
        return new Lab();
    }

    private Machine boot(String name) {
        Machine machine = Machine.boot(name, folder);
        machines.push(machine);
        return machine;
    }

    private void connect() {
        outside.shell("sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        Cable.connect(
                new Cable.End(
                        host,
                        "eth0",
                        ETHERNET,
                        List.of(HOST_ADDRESS + "/24", HOST_ADDRESS_6 + "/64"),
                        List.of("default via " + OUTSIDE_ADDRESS, "default via " + OUTSIDE_ADDRESS_6)),
                new Cable.End(
                        outside,
                        "eth0",
                        ETHERNET,
                        List.of(OUTSIDE_ADDRESS + "/24", OUTSIDE_ADDRESS_6 + "/64"),
                        List.of()));
        Cable.connect(
                new Cable.End(
                        host,
                        "eth1",
                        ETHERNET,
                        List.of(HOST_SECOND_ADDRESS + "/24", HOST_SECOND_ADDRESS_6 + "/64"),
                        List.of()),
                new Cable.End(
                        outside2,
                        "eth0",
                        ETHERNET,
                        List.of(OUTSIDE2_ADDRESS + "/24", OUTSIDE2_ADDRESS_6 + "/64"),
                        List.of()));
        Cable.connect(
                new Cable.End(outside, "eth1", NARROW, List.of("192.0.2.254/24", "2001:db8:2::fe/64"), List.of()),
                new Cable.End(
                        far,
                        "eth0",
                        ETHERNET,
                        List.of(FAR_ADDRESS + "/24", FAR_ADDRESS_6 + "/64"),
                        List.of("default via 192.0.2.254", "default via 2001:db8:2::fe")));
    }

    /** The machine that runs engines. */
    public Machine host() {
        return host;
    }

    /** A neighbour on the first uplink. */
    public Machine outside() {
        return outside;
    }

    /** A neighbour on the second uplink. */
    public Machine outside2() {
        return outside2;
    }

    /** A machine behind a narrow link behind {@link #outside()}. */
    public Machine far() {
        return far;
    }

    /** Where files can be kept that all machines and the JVM see under one path. */
    public Path folder() {
        return folder;
    }

    /** Ends all of it that can be ended. */
    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        machines.forEach(machine -> attempt(machine::close, failures));
        attempt(() -> Folders.delete(folder), failures);
        if (!failures.isEmpty()) {
            RuntimeException first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private static void attempt(Runnable end, List<RuntimeException> failures) {
        try {
            end.run();
        } catch (RuntimeException failure) {
            failures.add(failure);
        }
    }
}
