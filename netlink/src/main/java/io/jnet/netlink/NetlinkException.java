package io.jnet.netlink;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;

/**
 * The kernel refused a netlink request, or answered what cannot be decoded (EBADMSG). The message reads
 * {@code OPERATION OBJECT: MEANING (ERRNO): KERNEL TEXT}.
 */
public class NetlinkException extends KernelException {
    /** The {@link #offset()} when none is known. */
    public static final int NO_OFFSET = -1;

    private static final long serialVersionUID = 1L;

    private final String kernelText;
    private final int offset;

    /**
     * @param kernelText the extended acknowledgement's text, or what was wrong with an answer; empty when there is none
     * @param offset bytes from the start of the message to the offending attribute, or {@link #NO_OFFSET}
     */
    public NetlinkException(String operation, String object, Errno errno, String kernelText, int offset) {
        super(operation, object, errno, offset == NO_OFFSET ? kernelText : kernelText + at(kernelText, offset));
        this.kernelText = kernelText;
        this.offset = offset;
    }

    /** The kernel's own text (NLMSGERR_ATTR_MSG); empty when it gave none. */
    public String kernelText() {
        return kernelText;
    }

    /** Bytes from the start of the message to the offending attribute (NLMSGERR_ATTR_OFFS), or {@link #NO_OFFSET}. */
    public int offset() {
        return offset;
    }

    /** Whether the kernel gave no verdict, because sending or receiving failed: what was asked for may have been done. */
    public boolean isWithoutVerdict() {
        return getCause() instanceof KernelException;
    }

    private static String at(String kernelText, int offset) {
        return (kernelText.isEmpty() ? "at byte " : ", at byte ") + offset;
    }
}
