package io.jnet.netlink.socket;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** The kernel's table of sockets, /proc/net/{tcp,tcp6,udp,udp6}, in the network namespace of the calling thread (proc_pid_net(5)). */
final class SocketTable {
    /** /proc/net is the namespace of the process's first thread. */
    private static final Path FOLDER = Path.of("/proc/thread-self/net");

    private static final int ANY_PORT = 0;
    private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");

    private SocketTable() {}

    /**
     * One socket.
     *
     * @param address local
     * @param port local
     * @param state the kernel's number
     * @param inode 0 when no process holds it
     */
    record Entry(IpAddress address, int port, int state, long inode) {
        static final int LISTEN = 10;

        /** Parses {@code sl local remote st queues timer retransmits uid timeout inode ...}. */
        static Entry parse(String line) {
            String[] words = line.strip().split("\\s+", -1);
            String[] local = words[1].split(":", -1);
            return new Entry(
                    address(local[0]),
                    Integer.parseInt(local[1], 16),
                    Integer.parseInt(words[3], 16),
                    Long.parseLong(words[9]));
        }

        /** Printed as 32-bit words in the byte order of the machine (net/ipv4/tcp_ipv4.c, get_tcp4_sock). */
        private static IpAddress address(String hex) {
            ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.BIG_ENDIAN);
            ByteBuffer bytes = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
            while (words.hasRemaining()) {
                bytes.putInt(words.getInt());
            }
            return IpAddress.of(bytes.array());
        }
    }

    /**
     * Whether the port's holders are what remains of closed connections, and there is at least one: TIME_WAIT, or an end that the peer has
     * not confirmed yet, which no process holds either.
     */
    static boolean onlyRemains(TransportProtocol protocol, IpAddress address, int port) {
        List<Entry> entries = holders(protocol, address, port);
        return !entries.isEmpty()
                && entries.stream().allMatch(entry -> entry.inode() == 0 && entry.state() != Entry.LISTEN);
    }

    /** All sockets on this port whose address overlaps. */
    static List<Entry> holders(TransportProtocol protocol, IpAddress address, int port) {
        // SCTP has a table of another form, and no holder that it would name.
        if (port == ANY_PORT || protocol == TransportProtocol.SCTP) {
            return List.of();
        }
        List<Entry> holders = new ArrayList<>();
        for (String name : List.of(protocol.toString(), protocol + "6")) {
            read(FOLDER.resolve(name), entry -> {
                if (entry.port() == port && overlaps(entry.address(), address)) {
                    holders.add(entry);
                }
            });
        }
        return holders;
    }

    /** {@code ::} may be dual stack, which the table does not tell. */
    static boolean overlaps(IpAddress one, IpAddress other) {
        IpAddress first = unmapped(one);
        IpAddress second = unmapped(other);
        return first.equals(second) || isAnyFor(first, second) || isAnyFor(second, first);
    }

    private static boolean isAnyFor(IpAddress any, IpAddress address) {
        return any.isAny() && (any.family() == AddressFamily.INET6 || address.family() == AddressFamily.INET);
    }

    private static IpAddress unmapped(IpAddress address) {
        byte[] bytes = address.bytes();
        boolean mapped =
                bytes.length > MAPPED.length && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return mapped ? IpAddress.of(Arrays.copyOfRange(bytes, MAPPED.length, bytes.length)) : address;
    }

    /** Line by line: a proxy has hundreds of thousands of connections. */
    private static void read(Path table, Consumer<Entry> reader) {
        try (BufferedReader lines = Files.newBufferedReader(table)) {
            // The first one has the names of the columns.
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.accept(Entry.parse(line));
            }
        } catch (NoSuchFileException withoutIpv6) {
            // It has no such sockets.
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
