package io.jnet.daemon.terminal;

import io.jnet.daemon.control.OpenPortView;
import io.jnet.daemon.control.PortView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Published ports in words. */
public final class PortText {
    private PortText() {}

    /** {@code 0.0.0.0:8080} or {@code [::]:8000-8010}. */
    public static String host(String address, int port, int count) {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + range(port, count);
    }

    /** {@code 80} or {@code 80-90}. */
    public static String range(int port, int count) {
        return count == 1 ? Integer.toString(port) : port + "-" + (port + count - 1);
    }

    /** {@code 80/tcp -> 10.77.0.2:80 by a route}, a line for each port. */
    public static List<String> openLines(OpenPortView open) {
        return IntStream.range(open.port(), open.port() + open.count())
                .mapToObj(port -> port + "/" + open.protocol() + " -> " + host(open.address(), port, 1) + " by a route")
                .toList();
    }

    /** What another process holds of a port, for the end of a line; empty when it is nothing. */
    public static String clash(PortView port) {
        if (port.clashes().isEmpty()) {
            return "";
        }
        String others =
                port.clashes().size() == 1 ? "" : ", and " + (port.clashes().size() - 1) + " more";
        return " (not reserved: " + port.clashes().get(0) + others + ")";
    }

    /** The lines of {@code docker port}: {@code 80/tcp -> 0.0.0.0:8080}, by container port, protocol and host port. */
    public static List<String> dockerLines(List<PortView> ports) {
        List<PortView> single = new ArrayList<>();
        for (PortView port : ports) {
            for (int i = 0; i < port.count(); i++) {
                single.add(port.single(i));
            }
        }
        single.sort(Comparator.comparingInt(PortView::containerPort)
                .thenComparing(PortView::protocol)
                .thenComparingInt(PortView::hostPort));
        List<String> lines = new ArrayList<>();
        for (PortView port : single) {
            for (String address : dockerAddresses(port)) {
                lines.add(port.containerPort() + "/" + port.protocol() + " -> " + host(address, port.hostPort(), 1));
            }
        }
        return lines;
    }

    /** Docker does not tell of ::1 beside all addresses. */
    private static List<String> dockerAddresses(PortView port) {
        List<String> addresses = new ArrayList<>(port.hostAddresses());
        port.daemonAddresses().stream()
                .filter(address -> !(address.equals("::1") && addresses.contains("::")))
                .forEach(addresses::add);
        return addresses;
    }
}
