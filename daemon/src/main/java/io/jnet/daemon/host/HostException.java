package io.jnet.daemon.host;

/** Something that the host does not offer. The message is one line for a person. */
public final class HostException extends RuntimeException {
    public HostException(String message) {
        super(message);
    }

    public HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
