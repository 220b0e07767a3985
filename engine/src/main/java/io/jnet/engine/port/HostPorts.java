package io.jnet.engine.port;

import io.jnet.engine.relay.Service;
import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/**
 * The host's ports, as every process on the host competes for them.
 *
 * <p>A reservation excludes every other process for as long as it is held, and ends with this process.
 */
public interface HostPorts {
    /** The port number that stands for "any of the ephemeral range". */
    int EPHEMERAL = 0;

    /** What messages call the absence of a host address. */
    String EVERY_ADDRESS = "0.0.0.0 and ::";

    /** As {@link #reserve(Protocol, Optional, int, boolean)}, with the holder of a taken port. */
    default Reservation reserve(Protocol protocol, Optional<IpAddress> hostAddress, int port) {
        return reserve(protocol, hostAddress, port, true);
    }

    /**
     * Reserves a port.
     *
     * @param hostAddress the host's address; empty: every address of both families
     * @param port 1 to 65535, or {@link #EPHEMERAL}
     * @param naming whether to say who holds a taken port: all processes are looked at for it, so it is not for one of many that are tried
     * @throws io.jnet.engine.failure.EngineException with {@code CONFLICT} that names port, protocol, address and, where it is known, the holder;
     *     with {@code INVALID_REQUEST} when the host does not have the address; with {@code EXHAUSTED} when the process may not open more
     *     files
     */
    Reservation reserve(Protocol protocol, Optional<IpAddress> hostAddress, int port, boolean naming);

    /** A reserved port. */
    interface Reservation extends AutoCloseable {
        /** The port's number. */
        int port();

        /**
         * Passes on what reaches the port because no rule of the kernel translates it, in place of what was passed on before.
         *
         * @throws io.jnet.engine.failure.EngineException with {@code KERNEL} when the kernel refuses
         */
        void serve(Service service);

        /** Gives the port back, and ends what is being passed on. */
        @Override
        void close();
    }
}
