package io.jnet.engine.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonsTest {
    @Test
    void itIsTheKernelsWordWithoutThePath() {
        assertThat(Reasons.of(new FileSystemException("/a", null, "Read-only file system")))
                .isEqualTo("Read-only file system");
        assertThat(Reasons.of(new AccessDeniedException("/a"))).isEqualTo("permission denied");
        assertThat(Reasons.of(new IOException("No space left on device"))).isEqualTo("No space left on device");
    }

    @Test
    void theKindOfExceptionIsPutIntoWords(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(reason(() -> Files.createFile(file))).isEqualTo("file exists");
        assertThat(reason(() -> Files.delete(folder))).isEqualTo("directory not empty");
        assertThat(Reasons.of(new NotDirectoryException("/a"))).isEqualTo("not a directory");
        assertThat(reason(() -> Files.readString(folder.resolve("none")))).isEqualTo("no such file or directory");
    }

    @Test
    void anExceptionWithoutMessageIsNamed() {
        assertThat(Reasons.of(new ClosedChannelException())).isEqualTo("ClosedChannelException");
    }

    private static String reason(ThrowingCallable attempt) {
        return Reasons.of(catchThrowableOfType(IOException.class, attempt));
    }
}
