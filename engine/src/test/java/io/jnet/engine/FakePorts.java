package io.jnet.engine;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.relay.Service;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The ports of a {@link FakeHost}: which are bound, and which of them are served. */
final class FakePorts {
    private static final int FIRST_EPHEMERAL = 32768;

    /** {@code 8080/tcp *}, or with an address. */
    final Set<String> held = new TreeSet<>();

    final Map<String, String> served = new TreeMap<>();
    private final Consumer<String> request;

    /**
     * @param request told of each request to the kernel, which it may refuse
     */
    FakePorts(Consumer<String> request) {
        this.request = request;
    }

    /** The sockets of one process. */
    final class Sockets implements HostPorts {
        private final List<String> own = new ArrayList<>();

        @Override
        public Reservation reserve(Protocol protocol, Optional<IpAddress> hostAddress, int port, boolean naming) {
            request.accept("reserve " + port);
            int chosen = port;
            if (port == EPHEMERAL) {
                chosen = FIRST_EPHEMERAL;
                while (taken(protocol, hostAddress, chosen)) {
                    chosen++;
                }
            }
            if (taken(protocol, hostAddress, chosen)) {
                throw EngineException.conflict("port " + PortRange.of(chosen) + "/" + protocol.text() + " is in use");
            }
            String key = key(protocol, hostAddress, chosen);
            held.add(key);
            own.add(key);
            int number = chosen;
            return new Reservation() {
                @Override
                public int port() {
                    return number;
                }

                @Override
                public void serve(Service service) {
                    request.accept("serve " + number);
                    served.put(key, service.containers() + ":" + service.port());
                }

                @Override
                public void close() {
                    served.remove(key);
                    held.remove(key);
                    own.remove(key);
                }
            };
        }

        void closeAll() {
            List.copyOf(own).forEach(held::remove);
        }

        private boolean taken(Protocol protocol, Optional<IpAddress> hostAddress, int port) {
            return held.stream()
                    .filter(one -> one.startsWith(port + "/" + protocol.text() + " "))
                    .anyMatch(one -> hostAddress.isEmpty()
                            || one.endsWith(" *")
                            || one.equals(key(protocol, hostAddress, port)));
        }

        private String key(Protocol protocol, Optional<IpAddress> hostAddress, int port) {
            return port + "/" + protocol.text() + " "
                    + hostAddress.map(IpAddress::toString).orElse("*");
        }
    }
}
