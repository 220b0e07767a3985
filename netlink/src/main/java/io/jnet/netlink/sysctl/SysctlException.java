package io.jnet.netlink.sysctl;

import java.io.IOException;

/** A setting could not be read or written. The message reads {@code OPERATION SETTING: CAUSE}. */
public final class SysctlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SysctlException(String operation, String setting, IOException cause) {
        super(operation + " " + setting + ": " + reason(cause), cause);
    }

    /** The files' own exceptions repeat the path as their message, or have nothing but it. */
    private static String reason(IOException cause) {
        String text = String.valueOf(cause.getMessage());
        return text.startsWith("/proc/") ? cause.getClass().getSimpleName() : text;
    }
}
