package io.jnet.netlink.nftables;

/** libnftables refused a command, or is not there. The message is one line: {@code OPERATION: LIBRARY'S TEXT}. */
public final class NftablesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;

    NftablesException(String operation, String text) {
        super(operation + ": " + text);
        this.operation = operation;
    }

    NftablesException(String operation, String text, Throwable cause) {
        super(operation + ": " + text, cause);
        this.operation = operation;
    }

    /** What was attempted, lower case. */
    public String operation() {
        return operation;
    }
}
