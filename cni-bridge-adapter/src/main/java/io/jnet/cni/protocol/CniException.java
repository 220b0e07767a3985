package io.jnet.cni.protocol;

import io.jnet.engine.failure.EngineException;

/** A refused or failed request: one line for a person, and a code of the spec for the runtime. */
public final class CniException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final CniCode code;

    public CniException(CniCode code, String message) {
        super(message);
        this.code = code;
    }

    private CniException(CniCode code, Throwable cause) {
        super(cause.getMessage(), cause);
        this.code = code;
    }

    /** The same failure as the engine has it. */
    public static CniException of(EngineException failure) {
        CniCode code =
                switch (failure.code()) {
                    case INVALID_REQUEST -> CniCode.INVALID_CONFIGURATION;
                    case UNSUPPORTED -> CniCode.UNSUPPORTED_FIELD;
                    // What was there a moment ago has been removed meanwhile.
                    case NOT_FOUND -> CniCode.TRY_AGAIN;
                    case CONFLICT -> CniCode.CONFLICT;
                    case EXHAUSTED -> CniCode.EXHAUSTED;
                    case KERNEL -> CniCode.KERNEL;
                    case INTERNAL -> CniCode.INTERNAL;
                };
        return new CniException(code, failure);
    }

    /** Of the environment: the message names the variable. */
    public static CniException environment(String message) {
        return new CniException(CniCode.BAD_ENVIRONMENT, message);
    }

    /** Of the configuration: the message names key and value. */
    public static CniException configuration(String message) {
        return new CniException(CniCode.INVALID_CONFIGURATION, message);
    }

    /** Of what jnet does not do: the message names key and value. */
    public static CniException unsupported(String message) {
        return new CniException(CniCode.UNSUPPORTED_FIELD, message);
    }

    /**
     * Of the kernel.
     *
     * @param refusal whose message begins with what was attempted, as those of {@code netlink} do
     */
    public static CniException kernel(RuntimeException refusal) {
        return new CniException(CniCode.KERNEL, "cannot " + refusal.getMessage());
    }

    /** The code for the runtime. */
    public CniCode code() {
        return code;
    }
}
