package io.jnet.engine.failure;

/**
 * A refused or failed operation of the engine. The message is one line for a person: what was attempted, with which object, and what
 * stands against it.
 */
public final class EngineException extends RuntimeException {
    private final ErrorCode code;

    public EngineException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public EngineException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The category of the failure. */
    public ErrorCode code() {
        return code;
    }

    /** Shorthand for an {@link ErrorCode#INVALID_REQUEST}. */
    public static EngineException invalid(String message) {
        return new EngineException(ErrorCode.INVALID_REQUEST, message);
    }

    /** Shorthand for an {@link ErrorCode#NOT_FOUND}. */
    public static EngineException notFound(String message) {
        return new EngineException(ErrorCode.NOT_FOUND, message);
    }

    /** Shorthand for an {@link ErrorCode#CONFLICT}. */
    public static EngineException conflict(String message) {
        return new EngineException(ErrorCode.CONFLICT, message);
    }

    /**
     * Shorthand for an {@link ErrorCode#KERNEL}.
     *
     * @param refusal whose message begins with what was attempted, as those of {@code netlink} do
     */
    public static EngineException kernel(RuntimeException refusal) {
        return new EngineException(ErrorCode.KERNEL, "cannot " + refusal.getMessage(), refusal);
    }
}
