package io.jnet.daemon.http;

/** A socket that cannot be served or reached. The message is one line for a person. */
public final class SocketException extends RuntimeException {
    public SocketException(String message) {
        super(message);
    }

    public SocketException(String message, Throwable cause) {
        super(message, cause);
    }
}
