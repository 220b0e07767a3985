package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.OpenPortView;
import io.jnet.daemon.control.PortView;
import io.jnet.daemon.docker.ContainerNames;
import io.jnet.daemon.docker.NetworkNames;
import io.jnet.daemon.terminal.PortText;
import io.jnet.daemon.terminal.PortTraffics;
import io.jnet.daemon.terminal.Table;
import io.jnet.engine.network.ShortId;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code jnet ports}. */
@Command(name = "ports", description = "List the published ports of all networks: the host ports that jnet holds.")
final class PortsCommand extends Query {
    PortsCommand(CommandContext context) {
        super(context);
    }

    @Override
    byte[] asJson(ControlClient daemon) {
        return daemon.get("ports", "traffic");
    }

    @Override
    void print(ControlClient daemon, PrintWriter out) {
        Table table = new Table(
                "HOST", "PROTOCOL", "PORT", "CONTAINER", "ENDPOINT", "NETWORK", "CONNECTIONS", "OPEN BYTES", "BY");
        ContainerNames names = ContainerNames.of(environment());
        NetworkNames networks = NetworkNames.of(environment());
        PortTraffics traffic = new PortTraffics(daemon.get(PortView[].class, "ports", "traffic"));
        for (EndpointView endpoint : daemon.get(EndpointView[].class, "endpoints")) {
            Container container = new Container(names.of(endpoint), networks.ofNetwork(endpoint), endpoint);
            for (PortView port : endpoint.ports()) {
                String clash = PortText.clash(port);
                String kernel = "kernel"
                        + port.past().map(firewall -> ", past " + firewall).orElse("");
                port.hostAddresses()
                        .forEach(address ->
                                row(table, container, port, address, traffic.at(port, address), kernel + clash));
                port.daemonAddresses()
                        .forEach(address ->
                                row(table, container, port, address, PortTraffics.NOT_COUNTED, "daemon" + clash));
            }
            for (OpenPortView open : endpoint.open()) {
                table.row(
                        "by a route",
                        open.protocol(),
                        PortText.host(open.address(), open.port(), open.count()),
                        container.name(),
                        ShortId.of(endpoint.id()),
                        container.network(),
                        PortTraffics.NOT_COUNTED.connections(),
                        PortTraffics.NOT_COUNTED.openBytes(),
                        "kernel");
            }
        }
        table.print(out);
    }

    /**
     * A container's connection to a network.
     *
     * @param name the container's
     * @param network the network's name
     */
    private record Container(String name, String network, EndpointView endpoint) {}

    private static void row(
            Table table, Container container, PortView port, String address, PortTraffics.Cells traffic, String by) {
        table.row(
                PortText.host(address, port.hostPort(), port.count()),
                port.protocol(),
                PortText.range(port.containerPort(), port.count()),
                container.name(),
                ShortId.of(container.endpoint().id()),
                container.network(),
                traffic.connections(),
                traffic.openBytes(),
                by);
    }
}
