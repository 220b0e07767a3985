package io.jnet.engine.port;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.relay.Service;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.sysctl.SettingFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ports that only jnet's own containers compete for. Thread-safe. */
final class MemoryPorts implements HostPorts {
    private static final Path EPHEMERAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    /** The kernel's own default (Documentation/networking/ip-sysctl). */
    private static final PortRange DEFAULT_RANGE = new PortRange(32_768, 60_999);

    private final List<Held> held = new ArrayList<>();

    @Override
    public synchronized Reservation reserve(
            Protocol protocol, Optional<IpAddress> hostAddress, int port, boolean naming) {
        PortRange choice = port == EPHEMERAL ? ephemeralRange() : PortRange.of(port);
        for (int candidate = choice.first(); candidate <= choice.last(); candidate++) {
            Held wanted = new Held(this, protocol, hostAddress, candidate);
            if (held.stream().noneMatch(wanted::clashes)) {
                held.add(wanted);
                return wanted;
            }
        }
        throw new EngineException(
                ErrorCode.CONFLICT,
                "port " + choice + "/" + protocol.text() + " on "
                        + hostAddress.map(IpAddress::toString).orElse(EVERY_ADDRESS) + " is in use");
    }

    private synchronized void release(Held reservation) {
        held.remove(reservation);
    }

    private static PortRange ephemeralRange() {
        try {
            String[] limits = SettingFile.read(EPHEMERAL_RANGE).split("\\s+", -1);
            return new PortRange(Integer.parseInt(limits[0]), Integer.parseInt(limits[1]));
        } catch (IOException | RuntimeException unreadable) {
            return DEFAULT_RANGE;
        }
    }

    private record Held(MemoryPorts owner, Protocol protocol, Optional<IpAddress> hostAddress, int port)
            implements Reservation {
        boolean clashes(Held other) {
            return protocol == other.protocol
                    && port == other.port
                    && PortBinding.addressesOverlap(hostAddress, other.hostAddress);
        }

        /** Nothing reaches a port that has no socket. */
        @Override
        public void serve(Service service) {}

        @Override
        public void close() {
            owner.release(this);
        }
    }
}
