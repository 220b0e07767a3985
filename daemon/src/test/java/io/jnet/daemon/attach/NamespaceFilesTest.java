package io.jnet.daemon.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.cni.configuration.DnsConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceFilesTest {
    private static final DnsConfiguration OWN = new DnsConfiguration(
            List.of("10.88.0.1", "fd00:88::1"), Optional.empty(), List.of("web.jnet.internal"), List.of());

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenCanBeReadByEverybodyAndIsWhole() throws IOException {
        assertThat(files("web").writeResolver(OWN)).isTrue();
        assertThat(files("web").writeHosts(List.of("10.88.0.2", "fd00:88::2"), Optional.of("box")))
                .isTrue();
        assertThat(resolver())
                .hasContent(
                        """
                # Written by jnet attach --network web; jnet detach removes it.
                nameserver 10.88.0.1
                nameserver fd00:88::1
                search web.jnet.internal
                """);
        assertThat(hosts())
                .hasContent(
                        """
                # Written by jnet attach --network web; jnet detach removes it.
                127.0.0.1	localhost
                ::1	localhost ip6-localhost ip6-loopback
                10.88.0.2	box
                fd00:88::2	box
                """);
        assertThat(mode(box())).isEqualTo("rwxr-xr-x");
        assertThat(mode(resolver())).isEqualTo("rw-r--r--");
        assertThat(mode(hosts())).isEqualTo("rw-r--r--");
        assertThat(listed(folder.resolve("netns"))).as("nothing else is left").containsExactly("box");
    }

    @Test
    void detachingTakesItAwayAndTheFolderWithIt() throws IOException {
        files("web").writeResolver(OWN);
        files("web").writeHosts(List.of(), Optional.empty());
        files("web").remove();
        assertThat(box()).doesNotExist();
        files("web").remove();

        files("web").writeResolver(OWN);
        Files.writeString(box().resolve("nsswitch.conf"), "hosts: files dns\n");
        files("web").remove();
        assertThat(listed(box())).containsExactly("nsswitch.conf");
    }

    /** A namespace on two networks asks at the one that it came to last. */
    @Test
    void detachingFromAnotherNetworkLeavesIt() {
        files("web").writeResolver(OWN);
        files("back").writeResolver(OWN.asking(List.of("10.99.0.1"), "back.jnet.internal"));
        files("web").remove();
        assertThat(resolver()).content().contains("10.99.0.1").doesNotContain("10.88.0.1");
        files("back").remove();
        assertThat(resolver()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nameserver 10.0.0.1\n", "", "\n# Written by jnet attach\n"})
    void whatSomebodyElseWroteStays(String content) throws IOException {
        Files.createDirectories(box());
        Files.writeString(resolver(), content);
        Files.writeString(hosts(), content);
        assertThat(files("web").writeResolver(OWN)).isFalse();
        assertThat(files("web").writeHosts(List.of(), Optional.empty())).isFalse();
        files("web").remove();
        assertThat(resolver()).content().isEqualTo(content);
        assertThat(hosts()).content().isEqualTo(content);
    }

    @Test
    void bytesThatAreNoTextAreSomebodyElses() throws IOException {
        Files.createDirectories(box());
        Files.write(resolver(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(files("web").writeResolver(OWN)).isFalse();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        Files.createDirectories(box());
        Files.createSymbolicLink(resolver(), elsewhere);
        assertThat(files("web").writeResolver(OWN)).isFalse();
        files("web").remove();
        assertThat(elsewhere).doesNotExist();
        assertThat(Files.isSymbolicLink(resolver())).isTrue();

        Files.delete(resolver());
        Files.delete(box());
        Files.createDirectory(elsewhere);
        Files.createSymbolicLink(box(), elsewhere);
        assertThat(files("web").writeResolver(OWN)).isFalse();
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void theFileOfAnEarlierVersionIsOurs() throws IOException {
        Files.createDirectories(box());
        Files.writeString(resolver(), "# Written by jnet attach; jnet detach removes it.\nnameserver 10.0.0.1\n");
        files("web").remove();
        assertThat(box()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/proc/7/ns/net", "/run/netns/", "/run/netns/../x", "/run/netns/a/b", "/run/docker/netns/abc"})
    void whatIpNetnsDidNotMakeHasNoFiles(String namespace) {
        assertThat(NamespaceFiles.of(Path.of(namespace), "web", folder)).isEmpty();
    }

    private NamespaceFiles files(String network) {
        return NamespaceFiles.of(Path.of("/run/netns/box"), network, folder.resolve("netns"))
                .orElseThrow();
    }

    private Path box() {
        return folder.resolve("netns").resolve("box");
    }

    private Path resolver() {
        return box().resolve("resolv.conf");
    }

    private Path hosts() {
        return box().resolve("hosts");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    private static List<String> listed(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
