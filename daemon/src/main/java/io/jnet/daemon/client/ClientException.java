package io.jnet.daemon.client;

/** A question that got no answer. The message is one line for a person. */
public final class ClientException extends RuntimeException {
    private final boolean notFound;

    ClientException(String message, boolean notFound, Throwable cause) {
        super(message, cause);
        this.notFound = notFound;
    }

    /** Any other failure. */
    public static ClientException of(String message) {
        return new ClientException(message, false, null);
    }

    /** The failure that the other side knows no such thing. */
    public static ClientException notFound(String message) {
        return new ClientException(message, true, null);
    }

    public static ClientException of(String message, Throwable cause) {
        return new ClientException(message, false, cause);
    }

    /** Whether the other side answered that it knows no such thing. */
    public boolean isNotFound() {
        return notFound;
    }
}
