package io.jnet.daemon.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketFileTest {
    @TempDir
    private Path folder;

    @Test
    void replaces_a_stale_file_in_one_step() throws IOException {
        Path path = folder.resolve("jnet.sock");
        listen(path).close();
        assertThat(path).as("closing leaves the file").exists();
        SocketFile file = SocketFile.at(path);
        try (ServerSocketChannel server = open(file)) {
            assertThat(server.isOpen()).isTrue();
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
        file.remove();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refuses_a_path_on_which_another_daemon_answers() throws IOException {
        Path path = folder.resolve("jnet.sock");
        try (ServerSocketChannel other = listen(path)) {
            assertThat(other.isOpen()).isTrue();
            assertThatExceptionOfType(SocketUnavailableException.class)
                    .isThrownBy(() -> SocketFile.at(path))
                    .withMessage("another daemon answers on " + path);
        }
    }

    @Test
    void refuses_to_replace_what_is_no_socket() throws IOException {
        Path path = Files.writeString(folder.resolve("jnet.sock"), "precious");
        assertThatExceptionOfType(SocketUnavailableException.class)
                .isThrownBy(() -> SocketFile.at(path))
                .withMessageContaining("is no socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    void refuses_a_path_that_no_socket_can_have() {
        assertThatExceptionOfType(SocketUnavailableException.class)
                .isThrownBy(() -> SocketFile.at(folder.resolve("x".repeat(100))))
                .withMessageContaining("too long");
    }

    @Test
    void refuses_a_folder_below_a_file() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        SocketFile socket = SocketFile.at(file.resolve("jnet.sock"));
        assertThatExceptionOfType(SocketUnavailableException.class)
                .isThrownBy(socket::prepare)
                .withMessageContaining("is no folder")
                .withMessageNotContainingAny("\n");
    }

    @Test
    void leaves_the_file_of_a_successor_alone() throws IOException {
        Path path = folder.resolve("jnet.sock");
        SocketFile first = SocketFile.at(path);
        open(first).close();
        SocketFile second = SocketFile.at(path);
        try (ServerSocketChannel server = open(second)) {
            first.remove();
            assertThat(server.isOpen()).isTrue();
            assertThat(path).exists();
        }
        second.remove();
        assertThat(path).doesNotExist();
    }

    @Test
    void is_found_by_nobody_before_it_is_published() throws IOException {
        Path path = folder.resolve("jnet.sock");
        SocketFile file = SocketFile.at(path);
        file.prepare();
        file.bind(() -> listen(file.bindPath()));
        assertThat(path).doesNotExist();
        file.remove();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leaves_nothing_behind_when_binding_fails() {
        SocketFile file = SocketFile.at(folder.resolve("jnet.sock"));
        assertThatExceptionOfType(SocketUnavailableException.class)
                .isThrownBy(() -> file.bind(() -> {
                    throw new SocketUnavailableException("no");
                }));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void removes_what_a_killed_process_left_and_nothing_of_a_living_one() throws Exception {
        Path path = folder.resolve("jnet.sock");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Preparing.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("prepared");
            SocketFile beside = SocketFile.at(path);
            beside.prepare();
            beside.remove();
            assertThat(bindFolders()).as("of the living process").hasSize(1);
        } finally {
            other.destroyForcibly().waitFor();
        }
        SocketFile next = SocketFile.at(path);
        next.prepare();
        SocketFile sibling = SocketFile.at(folder.resolve("cni.sock"));
        sibling.prepare();
        assertThat(bindFolders()).as("of this process").hasSize(2);
        next.remove();
        sibling.remove();
        assertThat(folder).isEmptyDirectory();
    }

    /** Who may write in the folder can put something of that name there. */
    @Test
    void follows_no_link_to_a_folder_that_it_did_not_make() throws IOException {
        Path precious = Files.createDirectory(folder.resolve("precious"));
        Files.createFile(precious.resolve("lock"));
        Files.createSymbolicLink(folder.resolve(".j12345678"), precious);
        SocketFile file = SocketFile.at(folder.resolve("jnet.sock"));
        file.prepare();
        file.remove();
        assertThat(precious.resolve("lock")).exists();
    }

    @Test
    void removes_a_stale_socket_and_nothing_else() throws IOException {
        Path stale = folder.resolve("stale.sock");
        listen(stale).close();
        SocketFile.removeStale(stale);
        SocketFile.removeStale(stale);
        assertThat(stale).doesNotExist();
        Path text = Files.createFile(folder.resolve("text"));
        SocketFile.removeStale(text);
        assertThat(text).exists();
        Path used = folder.resolve("used.sock");
        try (ServerSocketChannel server = listen(used)) {
            SocketFile.removeStale(used);
            assertThat(server.isOpen()).isTrue();
            assertThat(used).exists();
        }
    }

    /** Prepares a socket's file and waits until it is killed. */
    static final class Preparing {
        private Preparing() {}

        public static void main(String[] arguments) throws IOException {
            SocketFile.at(Path.of(arguments[0])).prepare();
            System.out.println("prepared");
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private List<Path> bindFolders() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    private static ServerSocketChannel open(SocketFile file) {
        ServerSocketChannel[] server = new ServerSocketChannel[1];
        file.prepare();
        file.bind(() -> server[0] = listen(file.bindPath()));
        file.publish();
        return server[0];
    }

    private static ServerSocketChannel listen(Path path) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            return server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
