package io.jnet.cni.protocol;

/** Error codes: those of the spec (1.1.0, section 5) below 100, jnet's own from there. */
public enum CniCode {
    INCOMPATIBLE_VERSION(1),
    UNSUPPORTED_FIELD(2),
    UNKNOWN_CONTAINER(3),
    BAD_ENVIRONMENT(4),
    IO_FAILURE(5),
    UNDECODABLE(6),
    INVALID_CONFIGURATION(7),
    TRY_AGAIN(11),
    /** STATUS: no container can be added. */
    NOT_AVAILABLE(50),
    /** STATUS: and those that there are may not be connected. */
    LIMITED_CONNECTIVITY(51),
    /** What is asked for contradicts what is there: a taken port or address. */
    CONFLICT(100),
    /** Nothing is left: addresses, ports of the host or of a bridge. */
    EXHAUSTED(101),
    /** The kernel refused. */
    KERNEL(102),
    /** CHECK: something of the attachment is not as it was made. */
    NOT_AS_MADE(103),
    /** A defect of jnet. */
    INTERNAL(999);

    private final int number;

    CniCode(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }
}
