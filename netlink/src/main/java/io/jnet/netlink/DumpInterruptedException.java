package io.jnet.netlink;

import io.jnet.netlink.libc.Errno;

/** What was listed changed during each of several attempts (NLM_F_DUMP_INTR), so that no consistent list could be had. */
public final class DumpInterruptedException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    DumpInterruptedException(String operation, String object, int attempts) {
        super(operation, object, Errno.EINTR, "changed during each of " + attempts + " dumps", NO_OFFSET);
    }
}
