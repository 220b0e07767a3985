package io.jnet.daemon.client;

import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.NetworkView;
import io.jnet.daemon.control.StatusView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What only the daemon knows.
 *
 * @param reach whether it answered
 * @param problem what kept it from that, in its own or the client's words; empty when nothing did
 * @param status present when it answered, as the two others are then complete
 * @param networks its networks
 * @param endpoints its endpoints with their published ports
 */
public record DaemonSays(
        Reach reach,
        String problem,
        Optional<StatusView> status,
        List<NetworkView> networks,
        List<EndpointView> endpoints) {
    /** For one answer of a daemon that may hang. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How far a question came. */
    public enum Reach {
        ANSWERS,
        /** Nobody listens. */
        ABSENT,
        /** Somebody may, and this process may not ask. */
        FORBIDDEN,
        /** Somebody listens, and the answer was none. */
        FAILS
    }

    public DaemonSays {
        networks = List.copyOf(networks);
        endpoints = List.copyOf(endpoints);
    }

    /** Asks the daemon that has this socket; one that does not answer within ten seconds {@link Reach#FAILS}. */
    public static DaemonSays ask(Path socket) {
        return ask(socket, PATIENCE);
    }

    static DaemonSays ask(Path socket, Duration patience) {
        ControlClient client = new ControlClient(socket, patience);
        try {
            if (!client.isThere()) {
                return without(Reach.ABSENT, "no daemon answers on " + socket);
            }
        } catch (ClientException forbidden) {
            return without(Reach.FORBIDDEN, forbidden.getMessage());
        }
        try {
            return new DaemonSays(
                    Reach.ANSWERS,
                    "",
                    Optional.of(client.get(StatusView.class, "status")),
                    List.of(client.get(NetworkView[].class, "networks")),
                    List.of(client.get(EndpointView[].class, "endpoints")));
        } catch (ClientException failure) {
            return without(Reach.FAILS, failure.getMessage());
        }
    }

    /** When it said nothing. */
    public static DaemonSays without(Reach reach, String problem) {
        return new DaemonSays(reach, problem, Optional.empty(), List.of(), List.of());
    }

    /** Whether it answered. */
    public boolean isKnown() {
        return reach == Reach.ANSWERS;
    }
}
