package io.jnet.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostServersTest {
    private static final List<String> LOCAL = List.of("127.0.0.1:53");

    private final AtomicLong clock = new AtomicLong(5000);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "nameserver 192.0.2.1, 192.0.2.1:53",
        "'\tnameserver  127.0.0.53  # stub', 127.0.0.53:53",
        "nameserver 2001:db8::1, '2001:db8:0:0:0:0:0:1:53'",
        "nameserver fe80::1%lo, 'fe80:0:0:0:0:0:0:1%1:53'",
        "nameserver fe80::1%nothing-so, 127.0.0.1:53",
        "nameserver example.com, 127.0.0.1:53",
        "nameserver, 127.0.0.1:53",
        "#nameserver 192.0.2.1, 127.0.0.1:53",
        "search 192.0.2.1, 127.0.0.1:53",
        "'', 127.0.0.1:53"
    })
    void lineIsReadAsResolversReadIt(String line, String server) {
        assertThat(text(HostServers.parse(line))).containsExactly(server);
    }

    @Test
    void firstThreeServersCount() {
        assertThat(
                        text(
                                HostServers.parse(
                                        """
                        nameserver 192.0.2.1
                        options ndots:2
                        nameserver 192.0.2.2
                        nameserver 192.0.2.3
                        nameserver 192.0.2.4
                        """)))
                .containsExactly("192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53");
    }

    @Test
    void changedFileIsReadAgainWithinASecond() throws IOException {
        Path file = folder.resolve("resolv.conf");
        HostServers servers = new HostServers(file, clock::get);
        assertThat(text(servers.get())).isEqualTo(LOCAL);
        write(file, "nameserver 192.0.2.1");
        assertThat(text(servers.get())).isEqualTo(LOCAL);
        clock.addAndGet(1000);
        assertThat(text(servers.get())).containsExactly("192.0.2.1:53");
        // Of the same length, within the same tick of the file system's clock: another file by its number.
        write(file, "nameserver 192.0.2.2");
        clock.addAndGet(1000);
        assertThat(text(servers.get())).containsExactly("192.0.2.2:53");
        Files.delete(file);
        clock.addAndGet(1000);
        assertThat(text(servers.get())).containsExactly("192.0.2.2:53");
    }

    /** The file does not change with the link that it names. */
    @Test
    void fileThatNamesALinkIsReadAgain() throws IOException {
        Path file = folder.resolve("resolv.conf");
        write(file, "nameserver fe80::1%lo");
        HostServers servers = new HostServers(file, clock::get);
        ServerSet before = servers.get();
        clock.addAndGet(1000);
        assertThat(servers.get()).isNotSameAs(before).isEqualTo(before);
        write(file, "nameserver 192.0.2.1");
        clock.addAndGet(1000);
        ServerSet others = servers.get();
        clock.addAndGet(1000);
        assertThat(servers.get()).isSameAs(others);
    }

    @Test
    void linkIsFollowedToTheFileOfNow() throws IOException {
        write(folder.resolve("a"), "nameserver 192.0.2.1");
        write(folder.resolve("b"), "nameserver 192.0.2.2");
        Path link = folder.resolve("resolv.conf");
        Files.createSymbolicLink(link, Path.of("a"));
        HostServers servers = new HostServers(link, clock::get);
        assertThat(text(servers.get())).containsExactly("192.0.2.1:53");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("b"));
        clock.addAndGet(1000);
        assertThat(text(servers.get())).containsExactly("192.0.2.2:53");
    }

    /** As programs do that write such files: another one, which takes the place of the first. */
    private void write(Path file, String content) throws IOException {
        Path fresh = Files.writeString(folder.resolve("fresh"), content);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> text(ServerSet servers) {
        return servers.servers().stream()
                .map(server -> server.getAddress().getHostAddress() + ":" + server.getPort())
                .toList();
    }
}
