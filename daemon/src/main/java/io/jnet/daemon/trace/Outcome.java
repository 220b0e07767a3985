package io.jnet.daemon.trace;

/** What the sender of a packet saw. */
enum Outcome {
    /** An answer: for TCP a connection. */
    ANSWERED,
    /** TCP's RST, or for UDP the message that nobody has the port. */
    REFUSED,
    /** Somebody says that there is no way, or the sender's own routes do. */
    UNREACHABLE,
    /** The sender's own rules keep it from sending. */
    FORBIDDEN,
    /** Nothing in all the time. */
    SILENCE,
    /** Somebody else has sent it. */
    UNKNOWN
}
