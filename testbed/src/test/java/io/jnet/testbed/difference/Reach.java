package io.jnet.testbed.difference;

import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Lab;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Who reaches whom, and is seen there with what address: containers {@code c1} and {@code c2} on one network, {@code c3} on another one,
 * the host, and a machine outside that has routes to both networks.
 */
public final class Reach {
    /** What the container has published by convention of the cases: TCP 8080 to 80, UDP 8053 to 53. */
    static final int TCP_PORT = 8080;

    static final int UDP_PORT = 8053;
    private static final int WEB = 80;
    private static final int NAMES = 53;
    private static final int HOST_SERVICE = 7000;

    /** Makes the namespaces. */
    private static final String OPEN =
            """
            for container in c1 c2 c3; do
                ip netns add $container
                ip netns exec $container sh -c 'ip link set lo up; %s'
            done
            """;
    /** Has servers in them that wait for an interface. */
    private static final String SERVE =
            """
            web4() { exec %s; }
            web6() { exec %s; }
            names4() { exec %s; }
            names6() { exec %s; }
            export -f web4 web6 names4 names6
            for container in c1 c2 c3; do
                for server in web4 web6 names4 names6; do
                    ip netns exec $container bash -c $server >/dev/null 2>&1 </dev/null &
                done
            done
            for container in c1 c2 c3; do
                until [ "$(ip netns exec $container ss -Hlntu | wc -l)" -ge 4 ]; do sleep 0.02; done
            done
            """;

    private static final String END =
            """
            for container in c1 c2 c3; do
                ip netns pids $container | xargs --no-run-if-empty kill -9
                ip netns delete $container
            done
            """;
    /** Detection of duplicate addresses takes no time, whether or not it is asked for. */
    private static final String NO_WAITING =
            "sysctl -q -w net.ipv6.conf.default.dad_transmits=0 net.ipv6.conf.default.router_solicitation_delay=0";

    /** A server that gets several datagrams at once may lose one, so it is asked again. */
    private static final String FUNCTIONS =
            """
            tcp() { socat -T$patience -t$patience - "TCP:$1:$2,connect-timeout=$patience" </dev/null 2>/dev/null; }
            udp() {
                for wait in 0.4 0.4 0.4 $patience; do
                    heard=$(socat -lf /dev/null -t 0.1 "UDP:$1:$2" SYSTEM:"echo hello; timeout $wait head -n 1 >&2" 2>&1)
                    [ -n "$heard" ] && break
                done
                echo "$heard"
            }
            icmp() { ping -c 1 -W $patience "$1" >/dev/null && echo answered; }
            ask() { answer=$("$2" "$3" "$4"); echo "$1=$answer"; }
            export -f tcp udp icmp ask
            export patience
            """;

    private final Lab lab;
    private final Duration patience;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, List<String>> questions = new HashMap<>();

    /**
     * Nobody has been asked yet.
     *
     * @param patience how long to wait for an answer
     */
    Reach(Lab lab, Duration patience) {
        this.lab = lab;
        this.patience = patience;
        name(Lab.HOST_ADDRESS, "host");
        name(Lab.HOST_ADDRESS_6, "host");
        name(Lab.OUTSIDE_ADDRESS, "outside");
        name(Lab.OUTSIDE_ADDRESS_6, "outside");
        name("127.0.0.1", "loopback");
        name("::1", "loopback");
    }

    /** Servers and routes that are there all the time. */
    public static void prepare(Lab lab) {
        lab.host().shell(NO_WAITING);
        for (String server : List.of(Servers.tellPeer(HOST_SERVICE), Servers.tellPeer6(HOST_SERVICE))) {
            lab.host().start("bash", "-c", server);
        }
        for (String server : List.of(Servers.tellPeer(WEB), Servers.tellPeer6(WEB))) {
            lab.outside().start("bash", "-c", server);
        }
        lab.outside()
                .shell(
                        """
                        for network in 10.88.0.0/24 10.89.0.0/24 %1$s/32; do ip route add $network via %2$s; done
                        for network in fd88::/64 fd89::/64; do ip route add $network via %3$s; done
                        """
                                .formatted(Lab.HOST_SECOND_ADDRESS, Lab.HOST_ADDRESS, Lab.HOST_ADDRESS_6));
    }

    /** Makes the namespaces {@code c1}, {@code c2} and {@code c3}. */
    void open() {
        lab.host().shell(OPEN.formatted(NO_WAITING));
    }

    /** Has servers in them. */
    void serve() {
        lab.host()
                .shell(SERVE.formatted(
                        Servers.tellPeer(WEB),
                        Servers.tellPeer6(WEB),
                        Servers.tellSender(NAMES),
                        Servers.tellSender6(NAMES)));
    }

    /** Ends what is in them, and them. */
    void close() {
        lab.host().shell(END);
    }

    /** An address is this one's. */
    void name(String address, String owner) {
        names.put(canonical(address), owner);
    }

    /** Asks everybody for everybody, and waits for the answers. */
    void ask(Map<String, String> addresses, boolean published, Values values) {
        for (String suffix : List.of("", "6")) {
            if (addresses.containsKey("c1" + suffix)) {
                containers(addresses, suffix);
                if (published) {
                    published(addresses, suffix);
                }
            }
        }
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (boolean outside : List.of(false, true)) {
            answers.add(
                    CompletableFuture.runAsync(() -> run(outside, values), task -> new Thread(task, "asks").start()));
        }
        answers.forEach(CompletableFuture::join);
    }

    private void containers(Map<String, String> addresses, String suffix) {
        String c1 = addresses.get("c1" + suffix);
        String host = suffix.isEmpty() ? Lab.HOST_ADDRESS : Lab.HOST_ADDRESS_6;
        String outside = suffix.isEmpty() ? Lab.OUTSIDE_ADDRESS : Lab.OUTSIDE_ADDRESS_6;
        question("c2", "tcp", c1, WEB, "c1" + suffix);
        question("c2", "udp", c1, NAMES, "c1" + suffix);
        question("c2", "icmp", c1, 0, "c1" + suffix);
        question("host", "tcp", c1, WEB, "c1" + suffix);
        question("outside", "tcp", c1, WEB, "c1" + suffix);
        question("outside", "udp", c1, NAMES, "c1" + suffix);
        question("outside", "icmp", c1, 0, "c1" + suffix);
        question("c1", "tcp", outside, WEB, "outside" + suffix);
        question("c1", "icmp", outside, 0, "outside" + suffix);
        question("c1", "tcp", host, HOST_SERVICE, "host" + suffix);
        if (addresses.containsKey("gateway" + suffix)) {
            question("c1", "tcp", addresses.get("gateway" + suffix), HOST_SERVICE, "gateway" + suffix);
        }
        if (addresses.containsKey("c3" + suffix)) {
            question("c3", "tcp", c1, WEB, "c1" + suffix);
            question("c3", "icmp", c1, 0, "c1" + suffix);
            question("c1", "tcp", addresses.get("c3" + suffix), WEB, "c3" + suffix);
        }
    }

    private void published(Map<String, String> addresses, String suffix) {
        String host = suffix.isEmpty() ? Lab.HOST_ADDRESS : Lab.HOST_ADDRESS_6;
        String second = suffix.isEmpty() ? Lab.HOST_SECOND_ADDRESS : Lab.HOST_SECOND_ADDRESS_6;
        List<String> askers = new ArrayList<>(List.of("outside", "host", "c1", "c2"));
        if (addresses.containsKey("c3" + suffix)) {
            askers.add("c3");
        }
        for (String asker : askers) {
            question(asker, "tcp", host, TCP_PORT, "published" + suffix);
            question(asker, "udp", host, UDP_PORT, "published" + suffix);
        }
        question("host", "tcp", second, TCP_PORT, "published by the second address" + suffix);
        String loopback = suffix.isEmpty() ? "127.0.0.1" : "::1";
        question("host", "tcp", loopback, TCP_PORT, "published by loopback" + suffix);
        question("host", "udp", loopback, UDP_PORT, "published by loopback" + suffix);
    }

    private void question(String asker, String protocol, String address, int port, String target) {
        String bracketed = address.contains(":") && !protocol.equals("icmp") ? "[" + address + "]" : address;
        questions
                .computeIfAbsent(asker, somebody -> new ArrayList<>())
                .add("ask \"%s from %s to %s\" %s %s %d &"
                        .formatted(protocol, asker, target, protocol, bracketed, port));
    }

    /** All questions at the same time: one without an answer takes all the patience. */
    private void run(boolean outside, Values values) {
        StringBuilder script = new StringBuilder("patience=%.1f%n".formatted(patience.toMillis() / 1000.0) + FUNCTIONS);
        questions.forEach((asker, asked) -> {
            if (asker.equals("outside") == outside) {
                String enter = asker.matches("c\\d") ? "ip netns exec %s ".formatted(asker) : "";
                script.append("%sbash -c '%s wait' &%n".formatted(enter, String.join(" ", asked)));
            }
        });
        String answers = (outside ? lab.outside() : lab.host()).shell(script + "wait\n");
        answers.lines().forEach(line -> {
            int end = line.indexOf('=');
            synchronized (values) {
                values.put("reach " + line.substring(0, end), seen(line.substring(end + 1)));
            }
        });
    }

    /** Who the target has seen: an address and a port that is of no interest. */
    private String seen(String answer) {
        String address = answer.strip().replaceFirst(" .*", "").replaceAll("[\\[\\]]", "");
        if (address.isEmpty()) {
            return "nothing";
        }
        return names.getOrDefault(canonical(address), address);
    }

    private static String canonical(String address) {
        if (!address.contains(":") && !address.matches("[0-9.]+")) {
            return address;
        }
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("no address: " + address, e);
        }
    }
}
