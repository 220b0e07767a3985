package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.host.ChangedSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formats that only these tests have: each step of theirs counts up every setting, in a table of the step's own too. */
class FormatChangeTest {
    private static final int SETTINGS = 300;

    private static final Migration COUNT = tables -> {
        RecordTable settings = tables.table("setting");
        List<RecordTable.Entry> all = new ArrayList<>();
        settings.walk(new byte[] {0}, new byte[0], all::add);
        for (RecordTable.Entry entry : all) {
            ChangedSetting old = StateJson.decode(entry.value(), ChangedSetting.class, "");
            String next = Integer.toString(Integer.parseInt(old.now()) + 1);
            settings.put(entry.key(), StateJson.encode(new ChangedSetting(old.key(), old.before(), next)));
        }
        tables.table("counted").put("last".getBytes(UTF_8), "x".getBytes(UTF_8));
    };

    private static final StateFormat FIRST = new StateFormat(1, List.of());
    private static final StateFormat SECOND = new StateFormat(2, List.of(COUNT));
    private static final StateFormat FOURTH = new StateFormat(4, List.of(COUNT, COUNT, COUNT));

    @TempDir
    private Path directory;

    private Path file;
    private String instance;

    @BeforeEach
    void fill() {
        file = directory.resolve("state.lmdb");
        try (StateStore store = open(FIRST)) {
            store.write(state -> {
                IntStream.range(0, SETTINGS)
                        .forEach(i -> state.put(new ChangedSetting("key" + i, "x".repeat(i * 20), "1")));
                return state;
            });
            instance = store.read(StateView::identity).instance();
        }
    }

    @Test
    void anOlderStateIsBroughtToThePresentFormatAndACopyIsKept() throws Exception {
        byte[] before = Files.readAllBytes(file);
        assertCounted(FOURTH, 4);
        assertThat(copies()).containsExactly("state.lmdb.format-1");
        Path copy = directory.resolve("state.lmdb.format-1");
        assertThat(copy).hasBinaryContent(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");

        assertCounted(FOURTH, 4);
        assertThat(copies()).as("nothing more to do").hasSize(1);
    }

    @Test
    void aNewStateHasThePresentFormatAndNoCopy() throws Exception {
        Files.delete(file);
        try (StateStore store = open(FOURTH)) {
            assertThat(store.read(StateView::identity).format()).isEqualTo(4);
        }
        assertThat(copies()).isEmpty();
    }

    @Test
    void theWayBackIsTheCopyAndTheNextWayThereKeepsAnother() throws Exception {
        assertCounted(SECOND, 2);
        assertRefused(
                FIRST,
                ErrorCode.UNSUPPORTED,
                "state in " + directory + " has format 2, this version of jnet reads format 1: use the version that"
                        + " wrote it, or put " + directory + "/state.lmdb.format-1 in its place, a copy from before");
        assertCounted(SECOND, 2);

        Files.copy(directory.resolve("state.lmdb.format-1"), directory.resolve("back"));
        Files.move(directory.resolve("back"), file, StandardCopyOption.REPLACE_EXISTING);
        assertCounted(FIRST, 1);
        byte[] first = Files.readAllBytes(directory.resolve("state.lmdb.format-1"));
        try (StateStore store = open(FIRST)) {
            store.write(state -> {
                state.put(new ChangedSetting("key0", "", "1"));
                return state;
            });
        }
        assertCounted(SECOND, 2);
        assertThat(copies()).containsExactly("state.lmdb.format-1", "state.lmdb.format-1-2");
        assertThat(directory.resolve("state.lmdb.format-1")).hasBinaryContent(first);
        assertRefused(FIRST, ErrorCode.UNSUPPORTED, "has format 2", "/state.lmdb.format-1-2 in its place");
    }

    @Test
    void formatsFromWhichNoWayLeadsHereAreRefusedAndLeftAlone() throws Exception {
        byte[] before = Files.readAllBytes(file);
        StateFormat much = new StateFormat(9, List.of(COUNT, COUNT));
        assertRefused(
                much,
                ErrorCode.UNSUPPORTED,
                "state in " + directory
                        + " has format 1, this version of jnet reads formats 7 to 9: use a version in between first");
        assertThat(file).hasBinaryContent(before);
        assertThat(copies()).isEmpty();

        assertCounted(FOURTH, 4);
        byte[] newer = Files.readAllBytes(file);
        Files.delete(directory.resolve("state.lmdb.format-1"));
        assertRefused(
                SECOND, ErrorCode.UNSUPPORTED, "has format 4", "reads formats 1 to 2: use the version that wrote it");
        assertThat(file).as("not even its tables").hasBinaryContent(newer);
        assertThat(copies()).isEmpty();
    }

    /** What has been done when a step throws is what has been done when the process dies there. */
    @Test
    void aStepThatFailsLeavesTheOldStateAndOneCopy() throws Exception {
        byte[] before = Files.readAllBytes(file);
        Migration atOnce = tables -> {
            throw EngineException.invalid("no record \"x\"");
        };
        Migration halfWay = tables -> {
            COUNT.run(tables);
            throw EngineException.invalid("no record \"x\"");
        };
        for (List<Migration> steps : List.of(List.of(atOnce), List.of(COUNT, halfWay))) {
            assertRefused(
                    new StateFormat(1 + steps.size(), steps),
                    ErrorCode.INVALID_REQUEST,
                    "cannot change the format of state in " + directory + ": no record \"x\"");
            assertThat(file).hasBinaryContent(before);
            assertThat(copies()).containsExactly("state.lmdb.format-1");
        }
        assertCounted(FIRST, 1);
        assertThat(copies()).hasSize(1);
    }

    @Test
    void aStepThatFindsNoRoomLeavesTheOldState() {
        long room = 1L << 20;
        Migration growing = tables -> {
            COUNT.run(tables);
            IntStream.range(0, 100)
                    .forEach(i -> tables.table("grown").put(("key" + i).getBytes(UTF_8), new byte[1 << 14]));
        };
        assertThatThrownBy(() -> StateStore.open(directory, "here", new StateFormat(2, List.of(growing)), room))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("cannot change the format of state in " + directory + ": all of its");
        assertCounted(FIRST, 1);
    }

    /** /dev/full answers every write as a disk does that has no space left. */
    @Test
    void withoutSpaceForTheCopyNothingIsChanged() throws Exception {
        byte[] before = Files.readAllBytes(file);
        Files.createSymbolicLink(directory.resolve("state.lmdb.copying"), Path.of("/dev/full"));
        assertRefused(
                SECOND,
                ErrorCode.INTERNAL,
                "cannot keep a copy of the state in " + directory
                        + "/state.lmdb.format-1 before its format changes: No space left on device");
        assertThat(file).hasBinaryContent(before);
        assertThat(copies()).isEmpty();
        assertCounted(SECOND, 2);
    }

    /** A copy that was not finished has another name, and is begun again. */
    @Test
    void whatACrashWhileCopyingHasLeftIsNoCopy() throws Exception {
        byte[] before = Files.readAllBytes(file);
        Files.writeString(directory.resolve("state.lmdb.copying"), "half".repeat(1_000_000));
        assertCounted(SECOND, 2);
        assertThat(copies()).containsExactly("state.lmdb.format-1");
        assertThat(directory.resolve("state.lmdb.format-1")).hasBinaryContent(before);
    }

    /** All settings have the count of a format, and the state is still the same one. */
    private void assertCounted(StateFormat format, int count) {
        try (StateStore store = open(format)) {
            StateIdentity identity = store.read(StateView::identity);
            assertThat(identity).isEqualTo(new StateIdentity(format.current(), instance, "here"));
            assertThat(store.<List<ChangedSetting>>read(StateView::changedSettings))
                    .hasSize(SETTINGS)
                    .allSatisfy(setting -> assertThat(setting.now()).isEqualTo(Integer.toString(count)));
        }
    }

    private void assertRefused(StateFormat format, ErrorCode code, String... message) {
        assertThatThrownBy(() -> open(format)).isInstanceOfSatisfying(EngineException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.getMessage()).contains(message).doesNotContain("\n");
        });
    }

    private StateStore open(StateFormat format) {
        return StateStore.open(directory, "here", format, 16L << 20);
    }

    /** What there is beside the state and its locks. */
    private List<String> copies() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("state.lmdb.") || name.equals("back"))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
