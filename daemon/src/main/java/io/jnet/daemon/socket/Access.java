package io.jnet.daemon.socket;

/** What the process at the other end of a connection may do. */
public enum Access {
    /** Nothing: the connection is closed before a byte is read. */
    NONE,
    /** Ask, and change nothing. */
    READ,
    ALL
}
