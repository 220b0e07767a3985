package io.jnet.daemon.install;

import java.nio.file.FileSystemException;

/** The kernel's word on what failed with a file. */
final class Failures {
    private Failures() {}

    /** That word where Java has it beside the path, or Java's name of the failure. */
    static String reason(Exception failed) {
        return failed instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : failed.getClass().getSimpleName();
    }
}
