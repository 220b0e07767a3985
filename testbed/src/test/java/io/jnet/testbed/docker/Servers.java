package io.jnet.testbed.docker;

import java.util.List;

/** Command lines for servers; they run in the image of the tests and on machines. */
public final class Servers {
    /** Of a server whose client has nothing more to say: so long what it runs may take to answer, where socat's own word is half a second. */
    private static final String SOCAT = "socat -t 30 ";

    private static final String TELL_PEER = "SYSTEM:'echo $SOCAT_PEERADDR $SOCAT_PEERPORT'";

    /** Reads the datagram first: who writes to a program that has ended is ended by SIGPIPE before the answer is out. */
    private static final String TELL_SENDER = "SYSTEM:'read line; echo $SOCAT_PEERADDR $SOCAT_PEERPORT'";

    private Servers() {}

    /** Tells each TCP client the address and the port that it is seen with. */
    public static String tellPeer(int port) {
        return SOCAT + "TCP4-LISTEN:%d,fork,reuseaddr,backlog=64 %s".formatted(port, TELL_PEER);
    }

    /** {@link #tellPeer} over IPv6; addresses come in brackets and written out. */
    public static String tellPeer6(int port) {
        return SOCAT + "TCP6-LISTEN:%d,ipv6only=1,fork,reuseaddr,backlog=64 %s".formatted(port, TELL_PEER);
    }

    /** Answers each datagram with the address and the port that its sender is seen with. */
    public static String tellSender(int port) {
        return SOCAT + "UDP4-RECVFROM:%d,fork,reuseaddr %s".formatted(port, TELL_SENDER);
    }

    /** {@link #tellSender} over IPv6. */
    public static String tellSender6(int port) {
        return SOCAT + "UDP6-RECVFROM:%d,ipv6only=1,fork,reuseaddr %s".formatted(port, TELL_SENDER);
    }

    /** Answers each datagram with one of this many bytes, at most 4096 (a pipe's atomic write). */
    public static String largeDatagrams(int port, int size) {
        return SOCAT
                + "-b 8192 UDP4-RECVFROM:%d,fork,reuseaddr SYSTEM:'read line; head -c %d /dev/zero'"
                        .formatted(port, size);
    }

    /** Sends back what it gets. */
    public static String echo(int port) {
        return SOCAT + "TCP4-LISTEN:%d,fork,reuseaddr EXEC:cat".formatted(port);
    }

    /** Serves the files of {@code /www}, over IPv4 and IPv6. */
    public static String web(int port) {
        return "httpd -f -p %d -h /www".formatted(port);
    }

    /** Arguments of a container's command that runs these servers side by side. */
    public static List<String> inOneContainer(String... servers) {
        return List.of("sh", "-c", String.join(" & ", servers) + " & wait");
    }
}
