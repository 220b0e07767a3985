package io.jnet.daemon.control;

import io.jnet.engine.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * What a network says of names.
 *
 * @param addresses where its containers are answered
 * @param domain below which they have their names
 * @param servers who is asked for other names: {@code 192.0.2.53}, {@code corp.test=192.0.2.53#5353}; none: the host's
 * @param records what is answered besides: {@code db.test=10.77.0.9}
 */
public record ResolverView(List<String> addresses, String domain, List<String> servers, List<String> records) {

    /** Absent where nobody answers names. */
    static Optional<ResolverView> of(Network network) {
        return Optional.of(network)
                .filter(one -> !one.nameServers().isEmpty())
                .map(one -> new ResolverView(
                        texts(one.nameServers()),
                        one.domain().text(),
                        texts(one.spec().resolution().servers()),
                        texts(one.spec().resolution().records())));
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }
}
