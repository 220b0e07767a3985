package io.jnet.dns.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jnet.engine.name.NameServer;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The host's own servers: those of its {@code resolv.conf}, looked at again when it changed, at most once a second. A stub of the host, as
 * systemd-resolved's at 127.0.0.53, is asked as any other: it is asked from the host.
 */
public final class HostServers implements Supplier<ServerSet> {
    /** Milliseconds between two looks at the file. */
    private static final long LOOK = 1000;
    /** {@code MAXNS} of glibc's {@code resolv.h}: further ones are nobody's. */
    private static final int MOST = 3;
    /** Far more bytes than a resolver reads. */
    private static final int LARGEST = 65_536;

    private static final String KEYWORD = "nameserver";
    /** Begins the name of a link. */
    private static final char SCOPE = '%';

    /** resolv.conf(5): without a server, the one of this machine. */
    private static final ServerSet LOCAL = new ServerSet(
            List.of(new InetSocketAddress(IpAddress.parse("127.0.0.1").toInetAddress(), NameServer.PORT)));

    private final Path file;
    private final LongSupplier millis;
    private State state;

    /** What tells one content of the file from another; a file that is renamed to this one has another key. */
    private record Version(long size, long modified, Optional<Object> key) {}

    private record State(long looked, Optional<Version> version, ServerSet servers) {}

    /**
     * @param millis a clock that only goes forward
     */
    public HostServers(Path file, LongSupplier millis) {
        this.file = file;
        this.millis = millis;
        this.state = read(new State(0, Optional.empty(), LOCAL), millis.getAsLong());
    }

    /** Those of now. While the file is missing or cannot be read, those of before. */
    @Override
    public synchronized ServerSet get() {
        long now = millis.getAsLong();
        if (now - state.looked() >= LOOK) {
            state = read(state, now);
        }
        return state.servers();
    }

    private State read(State before, long now) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Optional<Version> version = Optional.of(new Version(
                    attributes.size(),
                    attributes.lastModifiedTime().toMillis(),
                    Optional.ofNullable(attributes.fileKey())));
            if (version.equals(before.version())) {
                return new State(now, version, before.servers());
            }
            String content = content();
            // A link of that name may come, or come again with another number, and the file stays.
            return new State(now, version.filter(any -> content.indexOf(SCOPE) < 0), parse(content));
        } catch (IOException absent) {
            return new State(now, Optional.empty(), before.servers());
        }
    }

    private String content() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LARGEST), ISO_8859_1);
        }
    }

    /** The servers that a file of this content names; this machine's where there is none. */
    static ServerSet parse(String content) {
        List<InetSocketAddress> servers = content.lines()
                .map(line -> line.strip().split("\\s+", 3))
                .filter(words -> words.length > 1 && words[0].equals(KEYWORD))
                .flatMap(words -> address(words[1]))
                .map(address -> new InetSocketAddress(address, NameServer.PORT))
                .limit(MOST)
                .toList();
        return servers.isEmpty() ? LOCAL : new ServerSet(servers);
    }

    private static Stream<InetAddress> address(String text) {
        String[] parts = text.split(String.valueOf(SCOPE), 2);
        try {
            IpAddress address = IpAddress.parse(parts[0]);
            if (parts.length == 1 || address.family() == AddressFamily.INET) {
                return Stream.of(address.toInetAddress());
            }
            // By number: with the link's name, Java wants it to have such an address already.
            NetworkInterface link = NetworkInterface.getByName(parts[1]);
            return link == null
                    ? Stream.empty()
                    : Stream.of(Inet6Address.getByAddress(null, address.bytes(), link.getIndex()));
        } catch (IllegalArgumentException | IOException unusable) {
            return Stream.empty();
        }
    }
}
