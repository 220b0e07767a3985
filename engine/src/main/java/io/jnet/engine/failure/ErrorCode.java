package io.jnet.engine.failure;

/** Why an operation of the engine failed, as far as the caller can act on it. */
public enum ErrorCode {
    /** The request itself is wrong: an invalid name, address, option or port. Repeating it fails again. */
    INVALID_REQUEST,
    /** The network or endpoint that the request names does not exist. */
    NOT_FOUND,
    /** The request contradicts what is there: a taken port, an overlapping subnet, an id with other properties. */
    CONFLICT,
    /** Nothing is left of what was asked for: ports, bridge ports, addresses, room in the state. */
    EXHAUSTED,
    /** Valid, but this kernel, this host or this version cannot do it. */
    UNSUPPORTED,
    /** The kernel refused. */
    KERNEL,
    /** The state store or the engine itself failed. */
    INTERNAL
}
