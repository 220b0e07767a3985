package io.jnet.dns.query;

import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import java.nio.ByteBuffer;

/**
 * A query as it came in.
 *
 * @param message what the client sent, not looked at: it may be anything; the buffer is the query's, position to limit
 * @param network on whose bridge it came in
 * @param client where it came from
 * @param transport how
 */
public record Query(ByteBuffer message, NetworkId network, IpAddress client, Transport transport) {
    /** How queries and answers travel; an answer that is too long for UDP says so, and is asked for again by TCP. */
    public enum Transport {
        UDP,
        TCP
    }
}
