package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.host.ChangedSetting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The state as a document, of a folder that nobody has open and of a store that is. */
class StateFolderTest {
    private static final byte[] ADDRESS = {10, 77, 0, (byte) 200};

    @TempDir
    private Path directory;

    private Path file;
    private String live;

    @BeforeEach
    void fill() {
        file = directory.resolve("state.lmdb");
        try (StateStore store = StateStore.open(directory, "somewhere else")) {
            store.write(state -> {
                state.put(new ChangedSetting("net/ipv4/ip_forward", "0", "1"));
                state.put(new ChangedSetting("net/ipv4/ümlaut", "\n", "1"));
                state.table(SideTable.POOL).put("pool 10%".getBytes(UTF_8), "fd00::/48".getBytes(UTF_8));
                state.table(SideTable.LEASE).put(ADDRESS, "{\"b\":1,\"a\":{}}".getBytes(UTF_8));
                state.table(SideTable.LEASE_ORDER).put("{".getBytes(UTF_8), "{ no json".getBytes(UTF_8));
                state.table(SideTable.LEASE_OWNER).put("one".getBytes(UTF_8), ADDRESS);
                return state;
            });
            live = text(store::export);
        }
    }

    @Test
    void everyRecordIsInTheDocument() {
        JsonNode document = new JsonMapper().readTree(live);
        assertThat(document.propertyNames()).containsExactly("format", "instance", "namespace", "tables");
        assertThat(document.get("format").intValue()).isEqualTo(StateIdentity.CURRENT_FORMAT);
        assertThat(document.get("instance").asString()).matches("[0-9a-f]{32}");
        assertThat(document.get("namespace").asString()).isEqualTo("somewhere else");
        JsonNode tables = document.get("tables");
        assertThat(tables.propertyNames())
                .containsExactly(
                        "address",
                        "endpoint",
                        "lease",
                        "lease-order",
                        "lease-owner",
                        "meta",
                        "network",
                        "pool",
                        "setting");
        assertThat(tables.get("setting").get("net/ipv4/ip_forward").get("now").asString())
                .isEqualTo("1");
        assertThat(tables.get("setting").propertyNames())
                .containsExactly("net/ipv4/ip_forward", "net/ipv4/%c3%bcmlaut");
        assertThat(tables.get("pool").toString()).isEqualTo("{\"pool 10%25\":\"fd00::/48\"}");
        assertThat(tables.get("lease").toString()).isEqualTo("{\"%0aM%00%c8\":{\"b\":1,\"a\":{}}}");
        assertThat(tables.get("lease-order").toString()).isEqualTo("{\"{\":\"{ no json\"}");
        assertThat(tables.get("lease-owner").toString()).isEqualTo("{\"one\":\"%0aM%00%c8\"}");
        assertThat(US_ASCII.newEncoder().canEncode(live)).isTrue();
        assertThat(live).endsWith("\n}\n");
    }

    @Test
    void aFolderSaysWhatTheOpenStoreDidAndStaysAsItWas() {
        Map<String, String> before = contents();
        assertThat(text(receiver -> StateFolder.export(directory, receiver))).isEqualTo(live);
        assertThat(text(receiver -> StateFolder.export(directory, receiver))).isEqualTo(live);
        assertThat(contents()).isEqualTo(before);
    }

    /** As in a backup that somebody made of the file alone. */
    @Test
    void theFileAloneIsEnough() throws Exception {
        Path alone = Files.createDirectory(directory.resolve("alone"));
        Files.copy(file, alone.resolve("state.lmdb"));
        assertThat(text(receiver -> StateFolder.export(alone, receiver))).isEqualTo(live);
        assertThat(alone).isDirectoryContaining(path -> path.endsWith("state.lmdb"));
        try (Stream<Path> files = Files.list(alone)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void whatANewerVersionHasPutThereIsNotLeftOut() {
        try (StateStore store = StateStore.open(directory, "here")) {
            store.write(state -> {
                state.put(new StateIdentity(7, "newer", "here"));
                return state;
            });
        }
        try (Env<byte[]> env = Env.create(ByteArrayProxy.PROXY_BA)
                .setMaxDbs(20)
                .open(file.toFile(), 0600, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOLOCK)) {
            env.openDbi("future", DbiFlags.MDB_CREATE).put("key".getBytes(UTF_8), "{\"x\":[1]}".getBytes(UTF_8));
        }
        JsonNode document = new JsonMapper().readTree(text(receiver -> StateFolder.export(directory, receiver)));
        assertThat(document.get("format").intValue()).isEqualTo(7);
        assertThat(document.get("tables").get("future").toString()).isEqualTo("{\"key\":{\"x\":[1]}}");
    }

    @Test
    void whereThereIsNoStateNoneIsMade() throws Exception {
        Path none = directory.resolve("none");
        assertRefused(none, ErrorCode.NOT_FOUND, "there is no state in " + none);
        assertThat(none).doesNotExist();
        Files.createDirectory(none);
        assertRefused(none, ErrorCode.NOT_FOUND, "there is no state in " + none);
        Files.createFile(none.resolve("state.lmdb"));
        assertRefused(none, ErrorCode.NOT_FOUND, "there is no state in " + none);
        assertThat(none.resolve("daemon.lock")).doesNotExist();
    }

    @Test
    void aDamagedFileIsRefused() throws Exception {
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 4096 * 3));
        Map<String, String> before = contents();
        assertRefused(directory, ErrorCode.INTERNAL, "the state in " + file + " is damaged: page ");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void whatADaemonHasOpenIsRefused() {
        try (StateStore store = StateStore.open(directory, "here")) {
            assertThat(store.directory()).isEqualTo(directory);
            assertRefused(
                    directory, ErrorCode.CONFLICT, "a jnet daemon has the state in " + directory + " open: ask it");
        }
    }

    @Test
    void aDaemonNeedNotWaitForWhoeverReads() {
        StateFolder.export(directory, export -> {
            try (StateStore store = StateStore.open(directory, "here")) {
                store.write(state -> {
                    state.put(new ChangedSetting("new", "0", "1"));
                    return state;
                });
            }
            assertThat(text(receiver -> receiver.accept(export))).isEqualTo(live);
        });
    }

    private static void assertRefused(Path folder, ErrorCode code, String message) {
        assertThatThrownBy(() -> StateFolder.export(folder, export -> {}))
                .isInstanceOfSatisfying(EngineException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(code);
                    assertThat(refused.getMessage()).startsWith(message).doesNotContain("\n");
                });
    }

    private static String text(Consumer<Consumer<StateExport>> source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        source.accept(export -> {
            try {
                export.writeTo(bytes);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        });
        return bytes.toString(US_ASCII);
    }

    /** Names, times and bytes. */
    private Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.toList()) {
                String bytes = Files.isRegularFile(path) ? new String(Files.readAllBytes(path), US_ASCII) : "";
                contents.put(path.toString(), Files.getLastModifiedTime(path) + bytes);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return contents;
    }
}
