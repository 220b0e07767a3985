package io.jnet.daemon.http;

/** What a server could not start for, which its libraries wrap. */
final class RootCause {
    private RootCause() {}

    /** The message of the first cause, the kernel's word in general. */
    static String of(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
