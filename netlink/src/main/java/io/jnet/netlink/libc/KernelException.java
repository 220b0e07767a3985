package io.jnet.netlink.libc;

/** The kernel refused a call. The message reads {@code OPERATION OBJECT: MEANING (ERRNO)}. */
public class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String object;
    private final int errno;

    /**
     * @param operation what was attempted, lower case: {@code bind}, {@code create bridge}
     * @param object with which object: {@code tcp 0.0.0.0:8080}, {@code jbr-0123}
     */
    public KernelException(String operation, String object, Errno errno) {
        this(operation, object, errno, "");
    }

    /**
     * @param detail appended to the message after a colon, unless empty
     */
    protected KernelException(String operation, String object, Errno errno, String detail) {
        super(operation + " " + object + ": " + errno + (detail.isEmpty() ? "" : ": " + detail));
        this.operation = operation;
        this.object = object;
        this.errno = errno.number();
    }

    /** What was attempted. */
    public String operation() {
        return operation;
    }

    /** With which object. */
    public String object() {
        return object;
    }

    /** The kernel's error number. */
    public Errno errno() {
        return Errno.of(errno);
    }
}
