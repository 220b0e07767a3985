package io.jnet.engine.resolve;

import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import java.util.List;
import java.util.OptionalInt;

/**
 * What answers names on networks, at the addresses of their bridges. It follows the {@link Directory} by itself; the engine tells it where to
 * listen. No method waits, and none fails: what cannot be done is in the notes.
 */
public interface NameService extends AutoCloseable {
    /** Answers nowhere. */
    NameService NONE = new NameService() {
        @Override
        public void serve(Network network) {}

        @Override
        public void stop(NetworkId network) {}

        @Override
        public OptionalInt port(NetworkId network) {
            return OptionalInt.empty();
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public void close() {}
    };

    /**
     * Listens at a network's bridge, which is there, for what comes in by it; without effect where it does already, or the network wants no
     * names. To be said again when the bridge was made anew: sockets stay with the one that went.
     */
    void serve(Network network);

    /** Does not listen there any more. */
    void stop(NetworkId network);

    /**
     * The port at which it listens on a network's bridge: 53, or another one, to which the ruleset has to lead what is for 53, since that is left to
     * others. Empty: it does not listen there.
     */
    OptionalInt port(NetworkId network);

    /** What a person should know: one line each. */
    List<String> notes();

    @Override
    void close();
}
