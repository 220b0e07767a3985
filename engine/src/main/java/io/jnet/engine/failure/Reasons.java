package io.jnet.engine.failure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What stood against something, as it ends a message. */
public final class Reasons {
    /** To whom a defect of jnet is answered; what it is, is logged. */
    public static final String DEFECT = "internal error of jnet, see its log";

    private Reasons() {}

    /**
     * The kernel's word on what failed, without the path, which the messages name themselves. Java's own message is the path alone where
     * the kind of exception says the rest.
     */
    public static String of(IOException failed) {
        if (failed instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failed instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failed instanceof FileAlreadyExistsException) {
            return "file exists";
        }
        if (failed instanceof DirectoryNotEmptyException) {
            return "directory not empty";
        }
        if (failed instanceof NotDirectoryException) {
            return "not a directory";
        }
        if (failed instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }
}
