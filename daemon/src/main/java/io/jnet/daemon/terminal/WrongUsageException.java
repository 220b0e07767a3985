package io.jnet.daemon.terminal;

/** Arguments that mean nothing, whatever the host is like: exit status 2. The message is one line for a person. */
public final class WrongUsageException extends RuntimeException {
    public WrongUsageException(String message) {
        super(message);
    }

    public WrongUsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
