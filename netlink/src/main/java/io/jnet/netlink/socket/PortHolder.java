package io.jnet.netlink.socket;

/**
 * A process that holds a port.
 *
 * @param pid as the reader's /proc shows it
 * @param command its name, at most 15 bytes (proc_pid_comm(5)); chosen by the process, unprintable characters replaced
 */
public record PortHolder(long pid, String command) {
    /** {@code pid 123 (nginx)}. */
    @Override
    public String toString() {
        return "pid " + pid + " (" + command + ")";
    }
}
