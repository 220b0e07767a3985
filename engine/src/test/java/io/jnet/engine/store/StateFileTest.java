package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.host.ChangedSetting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What LMDB would die of, or take for the truth. */
class StateFileTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path directory;

    private Path file;
    private List<ChangedSetting> settings;

    /** Records of all sizes, many of them gone again: branches, leaves, pages of their own, and free ones. */
    @BeforeEach
    void fill() {
        file = directory.resolve("state.lmdb");
        Random random = new Random(1);
        try (StateStore store = open()) {
            for (int round = 0; round < 6; round++) {
                List<ChangedSetting> fresh = IntStream.range(0, 120)
                        .mapToObj(i -> new ChangedSetting("key" + i, "x".repeat(random.nextInt(2) * 4000 + i), "1"))
                        .toList();
                store.write(state -> {
                    fresh.forEach(state::put);
                    fresh.stream().skip(100).forEach(state::remove);
                    return fresh;
                });
                assertThatCode(() -> StateFile.check(file)).as("round " + round).doesNotThrowAnyException();
            }
            settings = store.read(state -> state.changedSettings());
        }
    }

    @Test
    void aFileThatIsMissingOrEmptyIsANewOne() throws Exception {
        Files.delete(file);
        StateFile.check(file);
        Files.createFile(file);
        StateFile.check(file);
    }

    @Test
    void aFileThatIsCutOffIsRefused() throws Exception {
        long whole = Files.size(file);
        int refused = 0;
        for (long length = whole - PAGE; length > 0; length -= PAGE) {
            truncate(length);
            refused += isRefused("cut off after " + length) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan((int) (whole / PAGE / 2));
        truncate(100);
        assertThatThrownBy(this::open)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("the state in " + file + " is damaged: it is cut off after 100 bytes")
                .hasMessageContaining("move it away");
    }

    @Test
    void aPageThatIsNoneIsRefusedOrUnused() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(2);
        int refused = 0;
        for (int page = 0; page < whole.length / PAGE; page++) {
            byte[] damaged = whole.clone();
            byte[] garbage = new byte[PAGE];
            random.nextBytes(garbage);
            System.arraycopy(garbage, 0, damaged, page * PAGE, PAGE);
            Files.write(file, damaged);
            refused += isRefused("page " + page) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(20);
    }

    /** An older page in the place of a newer one, as after a write that did not reach the disk. */
    @Test
    void aPageOfAnotherPlaceIsRefusedOrUnused() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int page = 2; page < whole.length / PAGE; page++) {
            byte[] damaged = whole.clone();
            System.arraycopy(whole, (page - 1) * PAGE, damaged, page * PAGE, PAGE);
            Files.write(file, damaged);
            refused += isRefused("page " + page) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(20);
    }

    /** Places and counts that LMDB would follow wherever they lead. What comes after them, the transaction, is in {@link TornWriteTest}. */
    @Test
    void numbersOfAMetaPageThatAreWrongAreRefusedOrNotAsked() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int word = 16; word < 144; word += Long.BYTES) {
            for (long number : new long[] {0, 1, 1L << 52, Long.MAX_VALUE, -1}) {
                for (int page : new int[] {0, PAGE}) {
                    byte[] damaged = whole.clone();
                    ByteBuffer.wrap(damaged).order(ByteOrder.nativeOrder()).putLong(page + word, number);
                    Files.write(file, damaged);
                    refused += isRefused(number + " at " + (page + word)) ? 1 : 0;
                }
            }
        }
        assertThat(refused).isGreaterThan(60);
    }

    @Test
    void anotherFileIsRefused() throws Exception {
        Files.write(file, "hello".repeat(100).getBytes(UTF_8));
        assertThatThrownBy(this::open).hasMessageContaining("it is not a file of LMDB");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(this::open).hasMessageContaining("it is no file");
    }

    /** Whether the state is refused, with the file as it was; otherwise all of it must be there. */
    private boolean isRefused(String what) throws IOException {
        byte[] before = Files.readAllBytes(file);
        try (StateStore store = open()) {
            List<ChangedSetting> present = store.read(state -> state.changedSettings());
            assertThat(present).as(what).isEqualTo(settings);
            Files.write(file, before);
            return false;
        } catch (EngineException refused) {
            assertThat(refused.code()).as(what).isEqualTo(ErrorCode.INTERNAL);
            // The second: long records have pages that hold nothing but their contents.
            assertThat(refused.getMessage()).as(what).containsAnyOf("is damaged", "unreadable ChangedSetting record");
            assertThat(Files.readAllBytes(file)).as(what).isEqualTo(before);
            return true;
        }
    }

    private void truncate(long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    private StateStore open() {
        return StateStore.open(directory, "here");
    }
}
