package io.jnet.testbed.crowd;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.link.Links;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code Crowd PLUGIN_SOCKET COUNT STOP_FILE}: a network with so many endpoints, each in a namespace of its own with port 80 published at
 * {@link #FIRST_PORT} and up. Each server tells its number. When the stop file is there, everything is removed, by calls as dockerd
 * makes them.
 */
public final class Crowd {
    /** The host's port of the first endpoint. */
    public static final int FIRST_PORT = 20000;

    private static final Pattern PEER = Pattern.compile("\"SrcName\":\"(\\w+)\"");
    private static final String NETWORK = "'NetworkID':'" + "c0".repeat(32) + "'";
    private static final int WAIT_MILLISECONDS = 100;
    /** So many containers are started, and stopped, at a time. */
    private static final int STARTS = 4;

    private static final int STOPS = 8;

    private final Path socket;
    private final Selector selector;
    private final Queue<CrowdMember> members = new ConcurrentLinkedQueue<>();

    /** What is done for one of many, by a thread with a connection of its own. */
    private interface Step {
        void take(int number, PluginCalls plugin, Links links) throws Exception;
    }

    private Crowd(Path socket, Selector selector) {
        this.socket = socket;
        this.selector = selector;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path stop = Path.of(arguments[2]);
        try (Selector selector = Selector.open()) {
            Crowd crowd = new Crowd(Path.of(arguments[0]), selector);
            long begin = System.nanoTime();
            crowd.gather(Integer.parseInt(arguments[1]));
            System.out.printf("joined in %d ms%n", milliseconds(begin));
            System.out.println("started");
            while (!Files.exists(stop)) {
                crowd.serve();
            }
            begin = System.nanoTime();
            crowd.leave();
            System.out.printf("left in %d ms%n", milliseconds(begin));
        }
    }

    private static long milliseconds(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private void gather(int count) throws Exception {
        try (PluginCalls plugin = PluginCalls.connect(socket)) {
            require(
                    plugin,
                    "CreateNetwork",
                    "{" + NETWORK
                            + ",'Options':{'com.docker.network.enable_ipv6':true},'IPv4Data':[{'Gateway':'10.91.0.1/20','Pool':'10.91.0.0/20'}],"
                            + "'IPv6Data':[{'Gateway':'fd00:91::1/64','Pool':'fd00:91::/64'}]}");
        }
        takeForEach(count, STARTS, this::join);
    }

    private void takeForEach(int count, int atATime, Step step) throws Exception {
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(atATime);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < atATime; i++) {
                all.add(threads.submit(() -> {
                    try (PluginCalls plugin = PluginCalls.connect(socket);
                            NetlinkSocket netlink = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
                        Links links = Links.over(netlink);
                        for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                            step.take(number, plugin, links);
                        }
                        return true;
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void join(int number, PluginCalls plugin, Links links) throws Exception {
        require(
                plugin,
                "CreateEndpoint",
                both(number)
                        + ",'Interface':{'Address':'%s/20','AddressIPv6':'%s/64'}}"
                                .formatted(CrowdMember.address(number), CrowdMember.address6(number)));
        String joined = require(plugin, "Join", both(number) + ",'SandboxKey':'/run/netns/%d'}".formatted(number));
        Matcher peer = PEER.matcher(joined);
        if (!peer.find()) {
            throw new IllegalStateException("no interface: " + joined);
        }
        CrowdMember member = CrowdMember.make(number);
        members.add(member);
        member.moveIn(links, peer.group(1), selector);
        require(
                plugin,
                "ProgramExternalConnectivity",
                both(number)
                        + ",'Options':{'com.docker.network.portmap':[{'Proto':6,'IP':'','Port':80,'HostIP':'','HostPort':%1$d,'HostPortEnd':%1$d}]}}"
                                .formatted(FIRST_PORT + number));
    }

    private void serve() throws IOException {
        selector.select(WAIT_MILLISECONDS);
        for (SelectionKey key : selector.selectedKeys()) {
            SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
            if (client != null) {
                String number = ((CrowdMember) key.attachment()).number() + "\n";
                client.write(ByteBuffer.wrap(number.getBytes(StandardCharsets.US_ASCII)));
                client.close();
            }
        }
        selector.selectedKeys().clear();
    }

    private void leave() throws Exception {
        takeForEach(members.size(), STOPS, (number, plugin, links) -> {
            for (String method : List.of("RevokeExternalConnectivity", "Leave", "DeleteEndpoint")) {
                require(plugin, method, both(number) + "}");
            }
        });
        try (PluginCalls plugin = PluginCalls.connect(socket)) {
            require(plugin, "DeleteNetwork", "{" + NETWORK + "}");
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        members.forEach(CrowdMember::close);
    }

    private static String both(int number) {
        return "{" + NETWORK + ",'EndpointID':'" + CrowdMember.endpointId(number) + "'";
    }

    private static String require(PluginCalls plugin, String method, String body) throws IOException {
        String answer = plugin.call(method, body);
        if (answer.contains("\"Err\":")) {
            throw new IllegalStateException(method + " " + body + ": " + answer);
        }
        return answer;
    }
}
