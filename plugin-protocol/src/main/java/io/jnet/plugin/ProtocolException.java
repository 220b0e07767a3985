package io.jnet.plugin;

/** A request that is not a message of the protocol. The message is one line for a person. */
public final class ProtocolException extends RuntimeException {
    public ProtocolException(String message) {
        super(message);
    }

    public ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
