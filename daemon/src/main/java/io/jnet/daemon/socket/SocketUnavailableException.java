package io.jnet.daemon.socket;

/** A socket that cannot be served or reached. The message is one line for a person. */
public final class SocketUnavailableException extends RuntimeException {
    public SocketUnavailableException(String message) {
        super(message);
    }

    public SocketUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
