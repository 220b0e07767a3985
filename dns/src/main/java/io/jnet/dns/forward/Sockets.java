package io.jnet.dns.forward;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.Optional;

/** What is needed for asking; but for the selector's waking up, of one thread. */
final class Sockets {
    private static final int LARGEST_DATAGRAM = 65_536;
    private static final int IDS = 1 << 16;

    private final Selector selector = Selector.open();
    private Optional<ByteBuffer> buffer = Optional.empty();
    /** Made when it is needed: that takes some time of the daemon's start. */
    private Optional<SecureRandom> random = Optional.empty();

    Sockets() throws IOException {}

    Selector selector() {
        return selector;
    }

    /** For reading; of no one for longer than a call. */
    ByteBuffer buffer() {
        if (buffer.isEmpty()) {
            buffer = Optional.of(ByteBuffer.allocateDirect(LARGEST_DATAGRAM));
        }
        return buffer.get();
    }

    /** A message's id that nobody can guess. */
    int id() {
        if (random.isEmpty()) {
            random = Optional.of(new SecureRandom());
        }
        return random.get().nextInt(IDS);
    }
}
