package io.jnet.dns.query;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/** Answers queries. Any thread may call it; it does not wait and does not throw. */
@FunctionalInterface
public interface Responder {
    /**
     * Answers a query, at once or later and then in another thread.
     *
     * @param answer is given a message that fits the transport, at most once; by UDP it may never be, as datagrams are lost
     * @return false: there is no answer, since the query deserves none
     */
    boolean respond(Query query, Consumer<ByteBuffer> answer);

    /**
     * Waits until what was asked so far is answered.
     *
     * @param patience the longest
     */
    default void finish(Duration patience) {}
}
