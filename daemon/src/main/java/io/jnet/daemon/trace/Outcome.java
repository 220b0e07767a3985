package io.jnet.daemon.trace;

/** What the sender of a packet saw. */
enum Outcome {
    /** An answer: for TCP a connection. */
    ANSWERED,
    /** A TCP connection that was taken by somebody who passes it on, and is open, with nothing heard by it so far. */
    TAKEN,
    /** A TCP connection that was taken in this way, and reset. */
    CUT,
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
