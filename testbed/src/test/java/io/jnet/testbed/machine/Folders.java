package io.jnet.testbed.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Folders that the tests make and take away. */
public final class Folders {
    private Folders() {}

    /** Makes a new folder on a real disk: overlay file systems and their layers do not fit on every /tmp. */
    public static Path temporary() {
        try {
            return Files.createTempDirectory(Path.of("/var/tmp"), "jnet-lab");
        } catch (IOException e) {
            throw new UncheckedIOException("make a folder", e);
        }
    }

    /** Deletes a folder and all below it; symbolic links are not followed. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + folder, e);
        }
    }
}
