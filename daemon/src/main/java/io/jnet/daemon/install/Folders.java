package io.jnet.daemon.install;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders of the host in which jnet's files are. */
final class Folders {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwxr-xr-x");

    private Folders() {}

    /** Makes a folder and those above it that are missing, for everybody to read whatever the umask. */
    static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        make(folder.getParent());
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, MODE);
    }

    /** Removes a folder that has nothing in it; others stay. */
    static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException used) {
            return;
        }
    }
}
