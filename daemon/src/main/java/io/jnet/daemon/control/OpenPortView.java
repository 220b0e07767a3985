package io.jnet.daemon.control;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.port.OpenPort;

/**
 * Ports that are reached at the container's own address, by a route; no port of the host leads there.
 *
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param address the container's address
 * @param port the first port
 * @param count how many ports in a row
 */
public record OpenPortView(String protocol, String address, int port, int count) {
    static OpenPortView of(Endpoint endpoint, OpenPort open) {
        return new OpenPortView(
                open.protocol().text(),
                endpoint.spec()
                        .address(open.family())
                        .map(address -> address.address().toString())
                        .orElse(""),
                open.ports().first(),
                open.ports().size());
    }
}
