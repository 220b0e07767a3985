package io.jnet.daemon.docker;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.NetworkDetailView;
import io.jnet.daemon.control.NetworkView;
import io.jnet.engine.network.ShortId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A network as people name it: by its id or its name at jnet, by Docker's name, or by the first characters of its id. In this order: what is
 * Docker's name for one may be how another one's id begins.
 */
public final class NetworkReference {
    private final String text;
    private final Map<String, String> environment;

    public NetworkReference(String text, Map<String, String> environment) {
        this.text = text;
        this.environment = environment;
    }

    /**
     * What the daemon says of it, as it was sent.
     *
     * @throws ClientException when there is no such network, or Docker has it of another driver
     */
    public byte[] inspect(ControlClient daemon) {
        Optional<byte[]> known = Optional.empty();
        Optional<ClientException> refused = Optional.empty();
        try {
            known = Optional.of(daemon.get("networks", text));
        } catch (ClientException unknown) {
            refused = Optional.of(unknown);
        }
        if (known.filter(this::isExactly).isPresent()) {
            return known.get();
        }
        Optional<String> dockers = NetworkNames.of(environment).id(text);
        if (dockers.isPresent()) {
            return dockers(daemon, dockers.get());
        }
        // None, more than one id that begins so, or a daemon that does not answer.
        Optional<ClientException> failure = refused;
        return known.orElseThrow(() -> failure.orElseThrow());
    }

    /** Those of some endpoints that are on it. */
    public List<EndpointView> among(List<EndpointView> endpoints) {
        List<EndpointView> exact = on(endpoints, endpoint -> isExactly(endpoint.network(), endpoint.networkName()));
        if (!exact.isEmpty()) {
            return exact;
        }
        Optional<String> dockers = NetworkNames.of(environment).id(text);
        return on(endpoints, endpoint -> dockers.map(id -> endpoint.network().equals(id))
                .orElseGet(() -> endpoint.network().startsWith(text)));
    }

    private byte[] dockers(ControlClient daemon, String id) {
        try {
            return daemon.get("networks", id);
        } catch (ClientException refused) {
            throw refused.isNotFound()
                    ? ClientException.notFound("network " + text + " is Docker's, and not jnet's")
                    : refused;
        }
    }

    private boolean isExactly(byte[] answer) {
        NetworkView network = ControlJson.read(answer, NetworkDetailView.class).network();
        return isExactly(network.id(), network.name());
    }

    /** A network without a name is called by the first characters of its id. */
    private boolean isExactly(String id, String name) {
        return text.equals(id) || (text.equals(name) && !name.equals(ShortId.of(id)));
    }

    private static List<EndpointView> on(List<EndpointView> endpoints, Predicate<EndpointView> network) {
        return endpoints.stream().filter(network).toList();
    }
}
