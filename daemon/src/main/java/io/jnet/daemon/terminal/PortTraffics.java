package io.jnet.daemon.terminal;

import io.jnet.daemon.control.PortView;
import io.jnet.daemon.control.TrafficView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What came by published ports, as a person reads it. */
public final class PortTraffics {
    /** What nobody counts. */
    public static final Cells NOT_COUNTED = new Cells("-", "-");

    /**
     * @param connections how many
     * @param openBytes of those that are open
     */
    public record Cells(String connections, String openBytes) {}

    private record Place(String endpoint, String protocol, int hostPort, String address) {}

    private final Map<Place, Cells> cells = new HashMap<>();

    public PortTraffics(PortView... ports) {
        for (PortView port : List.of(ports)) {
            for (TrafficView traffic : port.traffic()) {
                cells.put(
                        place(port, traffic.hostAddress()),
                        new Cells(
                                Long.toString(traffic.connections()),
                                traffic.openBytes().map(Object::toString).orElse("-")));
            }
        }
    }

    public Cells at(PortView port, String address) {
        return cells.getOrDefault(place(port, address), NOT_COUNTED);
    }

    private static Place place(PortView port, String address) {
        return new Place(port.endpoint(), port.protocol(), port.hostPort(), address);
    }
}
