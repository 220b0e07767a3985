package io.jnet.daemon.http;

/** What the process at the other end of a connection may do. */
enum Access {
    /** Nothing: the connection is closed before a byte is read. */
    NONE,
    /** Ask, and change nothing. */
    READ,
    ALL
}
