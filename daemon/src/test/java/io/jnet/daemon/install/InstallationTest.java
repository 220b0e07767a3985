package io.jnet.daemon.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.daemon.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    private static final List<String> SHARED = List.of(
            "share/systemd/jnet.service",
            "share/systemd/jnet.socket",
            "share/network/10-jnet.network",
            "share/network/10-jnet.conf",
            "share/jnet.conf");

    @TempDir
    private Path folder;

    private Path root;
    private Path first;

    @BeforeEach
    void distribution() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        Files.createDirectories(root.resolve("usr/lib/systemd/system"));
        first = unpack("first", "one");
        write(first.resolve("lib/old-1.jar"), "gone with the next version");
    }

    @Test
    void everythingIsInItsPlace() throws IOException {
        assertThat(install(first))
                .containsExactly(
                        "installed " + root.resolve("usr/lib/jnet") + ", 11 files",
                        "installed " + root.resolve("usr/bin/jnet"),
                        "installed " + root.resolve("usr/lib/systemd/system/jnet.service"),
                        "installed " + root.resolve("usr/lib/systemd/system/jnet.socket"),
                        "installed " + root.resolve("usr/lib/systemd/network/10-jnet.network"),
                        "installed " + root.resolve("usr/lib/NetworkManager/conf.d/10-jnet.conf"),
                        "installed " + root.resolve("etc/jnet/jnet.conf"));
        assertThat(root.resolve("usr/bin/jnet").toRealPath())
                .isEqualTo(root.resolve("usr/lib/jnet/bin/jnet").toRealPath())
                .isExecutable();
        assertThat(Files.isExecutable(root.resolve("usr/lib/jnet/lib/jnet.jar")))
                .isFalse();
        assertThat(root.resolve("usr/lib/jnet/lib/jnet.jsa"))
                .as("made for another folder")
                .doesNotExist();
        try (Stream<Path> processors = Files.list(root.resolve("usr/lib/jnet/lib/native"))) {
            assertThat(processors).as("this processor's").hasSize(1);
        }
    }

    @Test
    void againThereIsNothingToDo() throws IOException {
        install(first);
        Map<String, String> before = tree(root);
        assertThat(install(first)).isEmpty();
        assertThat(install(root.resolve("usr/lib/jnet"))).as("by itself").isEmpty();
        assertThat(tree(root)).isEqualTo(before);
    }

    @Test
    void uninstallingLeavesWhatWasThereBefore() throws IOException {
        Map<String, String> before = tree(root);
        install(first);
        write(root.resolve("usr/lib/jnet/lib/jnet.jsa"), "made there");
        assertThat(new Installation(root, root.resolve("usr/lib/jnet")).uninstall())
                .contains(
                        "removed " + root.resolve("usr/bin/jnet"),
                        "removed " + root.resolve("usr/lib/jnet") + ", 11 files");
        assertThat(tree(root)).isEqualTo(before);
        assertThat(new Installation(root, first).uninstall()).isEmpty();
    }

    @Test
    void whatIsUnpackedInItsPlaceIsUsedThereAndStays() throws IOException {
        Files.createDirectories(root.resolve("usr/lib"));
        Path home = Files.move(first, root.resolve("usr/lib/jnet"));
        Files.delete(home.resolve("lib/jnet.jsa"));
        Map<String, String> before = tree(root);
        assertThat(install(home)).noneMatch(line -> line.contains(" files"));
        assertThat(root.resolve("usr/bin/jnet")).isExecutable();
        new Installation(root, home).uninstall();
        assertThat(tree(root)).isEqualTo(before);
    }

    @Test
    void anotherVersionReplacesTheOneBefore() throws IOException {
        install(first);
        Path second = unpack("second", "two");
        assertThat(install(second)).noneMatch(line -> line.contains("changed"));
        for (String file : SHARED) {
            assertThat(root.resolve("usr/lib/jnet").resolve(file)).hasContent("two " + file);
        }
        assertThat(root.resolve("etc/jnet/jnet.conf")).hasContent("two share/jnet.conf");
        assertThat(root.resolve("usr/lib/jnet/lib/old-1.jar")).doesNotExist();
        install(first);
        assertThat(root.resolve("etc/jnet/jnet.conf")).as("and back").hasContent("one share/jnet.conf");
    }

    @Test
    void anInstallationThatBreaksOffIsRemovedWhole() throws IOException {
        Path inTheWay = write(root.resolve("usr/lib/NetworkManager/conf.d"), "no folder");
        Map<String, String> before = tree(root);
        assertThatExceptionOfType(HostException.class).isThrownBy(() -> install(first));
        assertThat(root.resolve("usr/lib/systemd/system/jnet.service")).exists();
        new Installation(root, first).uninstall();
        assertThat(tree(root)).isEqualTo(before);
        Files.delete(inTheWay);
        assertThat(install(first)).noneMatch(line -> line.contains("changed"));
    }

    @Test
    void afterAnUpgradeThatBrokeOffNothingIsTakenForTheOwnersChanges() throws IOException {
        install(first);
        Path settings = root.resolve("usr/lib/NetworkManager/conf.d");
        Path away = Files.move(settings, folder.resolve("away"));
        write(settings, "no folder");
        assertThatExceptionOfType(HostException.class).isThrownBy(() -> install(unpack("second", "two")));
        assertThat(root.resolve("usr/lib/systemd/system/jnet.service")).hasContent("two share/systemd/jnet.service");
        Files.delete(settings);
        Files.move(away, settings);
        assertThat(install(unpack("third", "three"))).noneMatch(line -> line.contains("changed"));
        assertThat(root.resolve("usr/lib/systemd/system/jnet.service")).hasContent("three share/systemd/jnet.service");
        assertThat(settings.resolve("10-jnet.conf")).hasContent("three share/network/10-jnet.conf");
        Path unit = write(root.resolve("usr/lib/systemd/system/jnet.service"), "two share/systemd/jnet.service");
        assertThat(new Installation(root, first).uninstall())
                .as("what is there is known again")
                .contains("kept, since it was changed: " + unit);
    }

    @Test
    void whatItsOwnerHasChangedStaysAndIsTold() throws IOException {
        install(first);
        Path unit = write(root.resolve("usr/lib/systemd/system/jnet.service"), "mine");
        Path settings = write(root.resolve("etc/jnet/jnet.conf"), "publish.policy = firewalled");
        Path second = unpack("second", "two");
        assertThat(install(second))
                .contains(
                        "kept, since it was changed: " + unit + "; jnet's own is "
                                + second.resolve("share/systemd/jnet.service"),
                        "kept, since it was changed: " + settings + "; jnet's own is "
                                + second.resolve("share/jnet.conf"));
        assertThat(new Installation(root, second).uninstall())
                .contains("kept, since it was changed: " + unit, "kept, since it was changed: " + settings);
        assertThat(unit).hasContent("mine");
        assertThat(settings).hasContent("publish.policy = firewalled");
    }

    @Test
    void aChangedProgramIsReplacedAndTold() throws IOException {
        install(first);
        Path program = write(root.resolve("usr/lib/jnet/bin/jnet"), "mine");
        assertThat(install(first)).contains("replaced, though it was changed: " + program);
        assertThat(program).hasContent("one bin/jnet");
    }

    @Test
    void aUnitOfTheOwnersThatComesBeforeItIsNamed() throws IOException {
        Path own = write(root.resolve("etc/systemd/system/jnet.service"), "mine");
        assertThat(install(first))
                .contains(
                        "note: " + own + " takes the place of " + root.resolve("usr/lib/systemd/system/jnet.service"));
    }

    @Test
    void whatIsInTheWayIsRefusedBeforeAnythingIsDone() throws IOException {
        write(root.resolve("usr/bin/jnet"), "somebody else's");
        Map<String, String> before = tree(root);
        assertRefused(first, root.resolve("usr/bin/jnet") + " is there and not jnet's: remove it first");
        assertThat(tree(root)).isEqualTo(before);
    }

    @Test
    void aPackagesHostAndAMissingFolderAreRefused() throws IOException {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> new Installation(folder.resolve("nowhere"), first))
                .withMessage("no folder " + folder.resolve("nowhere"));
        write(root.resolve("var/lib/dpkg/info/jnet.prerm"), "#!/bin/sh");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> new Installation(root, first))
                .withMessageContaining("installed by a package");
    }

    /** A later purge would take the configuration away. */
    @Test
    void whatIsLeftOfARemovedPackageIsToBePurgedFirst() throws IOException {
        Path settings = write(root.resolve("etc/jnet/jnet.conf"), "publish.policy = firewalled");
        write(root.resolve("var/lib/dpkg/info/jnet.list"), "/etc/jnet/jnet.conf");
        Path left = write(root.resolve("var/lib/dpkg/info/jnet.postrm"), "#!/bin/sh");
        Map<String, String> before = tree(root);
        assertRefused(
                first,
                "a package of jnet was removed and not purged, and dpkg would remove " + settings
                        + " with what is left of it: run \"apt purge jnet\" first, and keep a copy of that file if it is yours");
        assertThat(tree(root)).isEqualTo(before);
        Files.delete(left);
        assertThat(install(first)).contains("installed " + root.resolve("usr/bin/jnet"));
    }

    @Test
    void whatWasInstalledBesideARemovedPackageIsUninstalled() throws IOException {
        install(first);
        write(root.resolve("var/lib/dpkg/info/jnet.postrm"), "#!/bin/sh");
        assertThat(new Installation(root, first).uninstall()).contains("removed " + root.resolve("usr/bin/jnet"));
    }

    @Test
    void aDistributionThatIsNotWholeIsRefused() throws IOException {
        Files.delete(first.resolve("bin/jnet-cni"));
        assertRefused(first, "no bin/jnet-cni in " + first + ": unpack a complete distribution of jnet");
    }

    @Test
    void aRecordThatIsNotItsOwnLeadsToNoRemoval() throws IOException {
        Path precious = write(folder.resolve("precious"), "x");
        for (String line : List.of("x", "x\t../precious", "x\t/usr/../../precious")) {
            write(root.resolve("usr/lib/jnet/installed"), line);
            assertThatExceptionOfType(HostException.class)
                    .as(line)
                    .isThrownBy(() -> new Installation(root, first).uninstall())
                    .withMessageContaining("is not what jnet install has written");
        }
        assertThat(precious).exists();
    }

    private List<String> install(Path home) {
        return new Installation(root, home).install();
    }

    private void assertRefused(Path home, String message) {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> install(home))
                .withMessage(message);
    }

    private Path unpack(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        for (String file : SHARED) {
            write(home.resolve(file), version + " " + file);
        }
        for (String program : List.of("bin/jnet", "bin/jnet-cni", "lib/make-archive")) {
            Files.setPosixFilePermissions(
                    write(home.resolve(program), version + " " + program),
                    PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        write(home.resolve("lib/jnet.jar"), version);
        write(home.resolve("lib/jnet.jsa"), version);
        write(home.resolve("lib/native/x86_64/liblmdb.so"), version);
        write(home.resolve("lib/native/aarch64/liblmdb.so"), version);
        return home;
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Map<String, String> tree(Path folder) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.toList()) {
                String mode =
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(one, LinkOption.NOFOLLOW_LINKS));
                tree.put(one.toString(), mode + " " + (Files.isDirectory(one) ? "" : HostFile.contentOf(one)));
            }
        }
        return tree;
    }
}
