package io.jnet.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.host.ChangedSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the file is when the machine dies between the writes of a commit, or in the middle of one. A commit writes pages, waits for the disk, and writes
 * one of the two meta pages, in turns; that one reaches the disk with the next commit at the latest.
 */
class TornWriteTest {
    private static final int PAGE = 4096;
    private static final int SECTOR = 512;
    private static final int META_BEGIN = 16;
    private static final int META_END = 152;
    private static final int WORD = 8;
    private static final int TRANSACTION = 144;

    /** Its number needs a second byte, so that the halves of two numbers make a third. */
    private static final int LAST = 256;

    /** The file after a commit, and what is in it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Commit(byte[] bytes, List<ChangedSetting> settings) {}

    @TempDir
    private Path directory;

    private final Random random = new Random(5);
    private Commit beforeLast;
    private Commit last;
    private Commit next;

    /** Where the last commit has written its meta page; the next one writes the other. */
    private int meta;

    @BeforeEach
    void fill() throws IOException {
        Path folder = directory.resolve("whole");
        try (StateStore store = open(folder)) {
            long transaction = 0;
            for (int round = 0; transaction < LAST + 1; round++) {
                Commit commit = commit(store, folder.resolve("state.lmdb"), round);
                transaction = Math.max(transaction(commit, 0), transaction(commit, PAGE));
                beforeLast = transaction < LAST ? commit : beforeLast;
                last = transaction <= LAST ? commit : last;
                next = commit;
            }
        }
        meta = transaction(last, 0) == LAST ? 0 : PAGE;
        assertThat(transaction(last, meta)).isEqualTo(LAST);
        assertThat(transaction(beforeLast, PAGE - meta)).isEqualTo(LAST - 1);
    }

    private Commit commit(StateStore store, Path file, int round) throws IOException {
        store.write(state -> {
            IntStream.range(0, 60)
                    .filter(i -> (i + round) % 3 == 0)
                    .forEach(
                            i -> state.put(new ChangedSetting("key" + i, "x".repeat(random.nextInt(300)), "" + round)));
            state.remove(new ChangedSetting("key" + round % 60, "", ""));
            return round;
        });
        return new Commit(Files.readAllBytes(file), store.read(state -> state.changedSettings()));
    }

    @Test
    void pagesWithoutTheirMetaPageAreNothing() {
        for (int i = 0; i < 60; i++) {
            byte[] torn = mixed(beforeLast.bytes(), last.bytes(), i % 2 == 0 ? PAGE : SECTOR);
            assertThat(stateOf(torn)).as("mixture " + i).contains(beforeLast.settings());
        }
    }

    /** The last commit's meta page was not on the disk yet: the next one's pages touch none of those of the commit before it. */
    @Test
    void aCommitWhoseMetaPageIsLostIsTakenBackWhole() {
        for (int i = 0; i < 60; i++) {
            byte[] pages = mixed(last.bytes(), next.bytes(), i % 2 == 0 ? PAGE : SECTOR);
            System.arraycopy(beforeLast.bytes(), 0, pages, 0, 2 * PAGE);
            assertThat(stateOf(pages)).as("mixture " + i).contains(beforeLast.settings());
        }
    }

    @Test
    void aMetaPageThatEndsInTheMiddleIsTheOldOneOrTheNewOne() {
        for (int cut = META_BEGIN; cut <= META_END; cut++) {
            byte[] torn = last.bytes().clone();
            copyMeta(beforeLast.bytes(), torn, cut, META_END);
            assertThat(stateOf(torn)).as("the first " + cut + " bytes").isPresent();
        }
    }

    /** No disk writes the end before the beginning, or a word in the middle alone; if one did, it is seen. */
    @Test
    void aMetaPageOfTwoCommitsIsTheOldOneTheNewOneOrRefused() {
        int refused = 0;
        for (int cut = META_BEGIN; cut <= META_END; cut++) {
            byte[] torn = last.bytes().clone();
            copyMeta(beforeLast.bytes(), torn, META_BEGIN, cut);
            refused += stateOf(torn).isEmpty() ? 1 : 0;
        }
        for (int word = META_BEGIN; word < META_END; word += WORD) {
            byte[] torn = last.bytes().clone();
            copyMeta(beforeLast.bytes(), torn, word, word + WORD);
            refused += stateOf(torn).isEmpty() ? 1 : 0;
            torn = last.bytes().clone();
            System.arraycopy(beforeLast.bytes(), meta, torn, meta, PAGE);
            copyMeta(last.bytes(), torn, word, word + WORD);
            refused += stateOf(torn).isEmpty() ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(30);
    }

    @Test
    void aMetaPageThatIsNoneIsRefused() {
        for (int page : new int[] {0, PAGE}) {
            byte[] torn = last.bytes().clone();
            Arrays.fill(torn, page, page + SECTOR, (byte) 0);
            assertThat(stateOf(torn)).isEmpty();
        }
    }

    /** Where a file had no such page yet, the disk has zeros. */
    @Test
    void aPageThatIsMissingAlthoughItsMetaPageIsThereIsRefusedOrUnused() {
        int refused = 0;
        for (int page = 2; page < last.bytes().length / PAGE; page++) {
            byte[] torn = last.bytes().clone();
            Arrays.fill(torn, page * PAGE, (page + 1) * PAGE, (byte) 0);
            Optional<List<ChangedSetting>> state = stateOf(torn);
            assertThat(state.orElse(last.settings())).isEqualTo(last.settings());
            refused += state.isEmpty() ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(5);
    }

    /** Each page, or part of one, as the one file has it or as the other has; the meta pages are those of {@code old}. */
    private byte[] mixed(byte[] old, byte[] now, int unit) {
        byte[] mixed = now.clone();
        System.arraycopy(old, 0, mixed, 0, 2 * PAGE);
        for (int at = 2 * PAGE; at < old.length; at += unit) {
            if (random.nextBoolean()) {
                System.arraycopy(old, at, mixed, at, unit);
            }
        }
        return mixed;
    }

    private void copyMeta(byte[] from, byte[] to, int begin, int end) {
        System.arraycopy(from, meta + begin, to, meta + begin, end - begin);
    }

    /** One of the two commits, whole and ready for more; empty when the file is refused, and then it is as it was. */
    private Optional<List<ChangedSetting>> stateOf(byte[] bytes) {
        Path file = directory.resolve("torn/state.lmdb");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            List<ChangedSetting> settings;
            try (StateStore store = open(file.getParent())) {
                settings = store.read(state -> state.changedSettings());
                store.write(state -> {
                    state.put(new ChangedSetting("one more", "0", "1"));
                    return state;
                });
            }
            assertThat(settings).isIn(beforeLast.settings(), last.settings());
            StateFile.check(file);
            return Optional.of(settings);
        } catch (EngineException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(refused.getMessage()).contains("is damaged: ").doesNotContain("\n");
            assertThat(file).hasBinaryContent(bytes);
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static long transaction(Commit commit, int page) {
        return ByteBuffer.wrap(commit.bytes()).order(ByteOrder.nativeOrder()).getLong(page + TRANSACTION);
    }

    private static StateStore open(Path folder) {
        return StateStore.open(folder, "here");
    }
}
