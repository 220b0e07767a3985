package io.jnet.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    private static final String FOR_ALL = "rw-rw-rw-";

    @TempDir
    private Path folder;

    @Test
    void writesAFileThatIsNew() throws IOException {
        Path file = folder.resolve("new");
        WholeFile.replace(file, FOR_ALL, out -> out.write('a'));
        assertThat(file).hasContent("a");
        assertThat(mode(file)).as("also what the mask takes away from others").isEqualTo(FOR_ALL);
        assertThat(names()).containsExactly("new");
    }

    @Test
    void replacesAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("old"), "old");
        Path kept = Files.createLink(folder.resolve("another name of it"), file);
        WholeFile.replace(file, "rw-------", out -> out.write('a'));
        assertThat(file).hasContent("a");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(kept).as("who has it open reads on").hasContent("old");
    }

    @Test
    void leavesWhatWasThereWhenItCannotBeWrittenToItsEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("old"), "old");
        assertThatThrownBy(() -> WholeFile.replace(file, FOR_ALL, out -> {
                    out.write('a');
                    throw new IOException("no space");
                }))
                .hasMessage("no space");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("old");
    }

    @Test
    void refusesWhatIsNoFile() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "secret");
        Path link = Files.createSymbolicLink(folder.resolve("link"), victim);
        assertThatThrownBy(() -> WholeFile.replace(link, FOR_ALL, out -> out.write('a')))
                .isInstanceOf(IOException.class)
                .hasMessage(link + ": it is not a regular file but a link");
        assertThat(link).isSymbolicLink();
        assertThat(victim).hasContent("secret");

        Path subfolder = Files.createDirectory(folder.resolve("folder"));
        assertThatThrownBy(() -> WholeFile.replace(subfolder, FOR_ALL, out -> out.write('a')))
                .hasMessageEndingWith("a folder");
        Path socket = folder.resolve("socket");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> WholeFile.replace(socket, FOR_ALL, out -> out.write('a')))
                    .hasMessageEndingWith("a device, a pipe or a socket");
        }
        assertThat(names()).containsExactly("folder", "link", "socket", "victim");
    }

    @Test
    void createsAFileWhereNoneIsOnly() throws IOException {
        Path file = folder.resolve("new");
        WholeFile.create(file, "rw-------", out -> out.write('a'));
        assertThat(file).hasContent("a");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThatThrownBy(() -> WholeFile.create(file, FOR_ALL, out -> out.write('b')))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("a");

        Path failing = folder.resolve("failing");
        assertThatThrownBy(() -> WholeFile.create(failing, FOR_ALL, out -> {
                    throw new IOException("no space");
                }))
                .hasMessage("no space");
        assertThat(names()).containsExactly("new");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
