package io.jnet.dns.forward;

import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closing what is not needed any more. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Closes it; what that says is nobody's business. */
    static void quietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException failed) {
            LOG.debug("closing a socket", failed);
        }
    }
}
