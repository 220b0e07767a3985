package io.jnet.testbed.docker;

import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.List;

/** A client somewhere: connects, and tells what came back. */
public interface Probe {
    /** For a TCP connection. */
    String PATIENCE_SECONDS = "1.3";
    /** For an answer that must come: a server starts a shell for each client, and the machine has other tests to run. */
    int ANSWER_SECONDS = 20;
    /** For an answer that must not come, or is asked for again. */
    int SILENCE_SECONDS = 2;

    /** Runs a command where this client is. */
    CommandResult execute(List<String> command);

    /** A client on a machine. */
    static Probe on(Machine machine) {
        return machine::run;
    }

    /** A client in a container. */
    static Probe in(Container container) {
        return command -> container.exec(command.toArray(String[]::new));
    }

    /**
     * The whole answer of a TCP server.
     *
     * @param address a name or an address; an IPv6 one in brackets
     * @throws IllegalStateException when there is no connection in the time for the first packet and for the one that repeats it after a second
     *     (RFC 6298 section 2)
     */
    default String tcp(String address, int port) {
        return socat("TCP:%s:%d,connect-timeout=%s".formatted(address, port, PATIENCE_SECONDS), ANSWER_SECONDS)
                .orThrow()
                .text();
    }

    /** {@link #tcp} for a connection that may fail: the answer may not be whole when it does not come within some seconds. */
    default CommandResult connect(String address, int port) {
        return socat("TCP:%s:%d,connect-timeout=%s".formatted(address, port, PATIENCE_SECONDS), 3);
    }

    /** Whether a TCP server answers at all. */
    default boolean reaches(String address, int port) {
        return connect(address, port).succeeded();
    }

    /** {@link #tcp} from a source port that the client chooses. */
    default String tcpFrom(int sourcePort, String address, int port) {
        return socat(
                        "TCP:%s:%d,sourceport=%d,reuseaddr,connect-timeout=%s"
                                .formatted(address, port, sourcePort, PATIENCE_SECONDS),
                        ANSWER_SECONDS)
                .orThrow()
                .text();
    }

    /** The answer to one datagram, which must come: nothing after a long time when it does not. */
    default String udp(String address, int port) {
        return datagram(address, port, "timeout %d head -n 1".formatted(ANSWER_SECONDS))
                .text();
    }

    /** Whether one datagram is answered within two seconds. */
    default boolean isAnswered(String address, int port) {
        return !datagram(address, port, "timeout %d head -n 1".formatted(SILENCE_SECONDS))
                .text()
                .isEmpty();
    }

    /** The size of the answer to one datagram, in bytes, which must come: 0 after a long time when it does not. */
    default int udpSize(String address, int port) {
        return Integer.parseInt(
                datagram(address, port, "timeout %d dd bs=8192 count=1 2>/dev/null | wc -c".formatted(ANSWER_SECONDS))
                        .text());
    }

    /** Sends one datagram and gives what the command makes of the answer: it ends as soon as that does. */
    private CommandResult datagram(String address, int port, String command) {
        return execute(List.of(
                "sh",
                "-c",
                "socat -lf /dev/null -b 8192 -t 0.1 UDP:%s:%d SYSTEM:'echo hello; %s >&2' 2>&1"
                        .formatted(address, port, command)));
    }

    /** Whether one echo request of ICMP is answered within a second. */
    default boolean pings(String address) {
        return execute(List.of("ping", "-c", "1", "-W", "1", address)).succeeded();
    }

    private CommandResult socat(String target, int seconds) {
        return execute(List.of("sh", "-c", "socat -T%1$d -t%1$d - %2$s </dev/null".formatted(seconds, target)));
    }
}
