package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.port.OpenPort;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
    private static final NetworkId WEB = new NetworkId("web1");
    private static final EndpointId ONE = new EndpointId("one1");
    private static final IpAddress ADDRESS = IpAddress.parse("10.1.0.2");

    @TempDir
    private Path directory;

    @Test
    void nobodyElseMayHoldItsLock() throws Exception {
        open().close();
        Path lock = directory.resolve("state/daemon.lock");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)))
                .isEqualTo("rw-------");
        // As earlier versions made it.
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsWrittenThroughComesBackToo() {
        Network network = network();
        try (StateStore store = open()) {
            Network written = store.writeThrough(state -> {
                state.put(network);
                return network;
            });
            assertThat(written).isEqualTo(network);
        }
        try (StateStore store = open()) {
            assertThat(store.<List<Network>>read(StateView::networks)).containsExactly(network);
        }
    }

    @Test
    void itsTextIsAFileWithoutANameThatHoldsNoViewOfIt() throws Exception {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (StateStore store = open()) {
            store.write(state -> {
                state.put(network());
                return state;
            });
            List<String> before = files(store);
            store.export(state -> writeTo(state, whole));
            try (StateCopy copy = store.copy()) {
                store.change(state -> state.remove(WEB));
                assertThat(files(store)).isEqualTo(before);
                assertThat(copy.size()).isEqualTo(whole.size());
                ByteArrayOutputStream copied = new ByteArrayOutputStream();
                copy.writeTo(copied);
                assertThat(copied.toByteArray()).isEqualTo(whole.toByteArray());
            }
        }
    }

    @Test
    void withoutRoomForAFileASmallStateIsCopiedInMemory() throws Exception {
        try (StateStore store = open()) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            store.export(state -> writeTo(state, whole));
            Path elsewhere = directory.resolve("elsewhere");
            Files.move(store.directory(), elsewhere);
            try (StateCopy copy = store.copy()) {
                ByteArrayOutputStream copied = new ByteArrayOutputStream();
                copy.writeTo(copied);
                assertThat(copied.toByteArray()).isEqualTo(whole.toByteArray());
                assertThat(copy.size()).isEqualTo(whole.size());
            } finally {
                Files.move(elsewhere, store.directory());
            }
        }
    }

    /** LMDB would end the process. */
    @Test
    void closingWaitsForATransactionButNotForEver() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch disk = new CountDownLatch(1);
        StateStore store = open();
        CompletableFuture<NetworkId> stuck = CompletableFuture.supplyAsync(
                () -> store.write(state -> {
                    state.put(network());
                    begun.countDown();
                    await(disk);
                    return WEB;
                }),
                command -> new Thread(command, "writer").start());
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        store.close();
        assertThatThrownBy(() -> store.read(StateView::networks))
                .isInstanceOf(EngineException.class)
                .hasMessage("the state in " + store.directory() + " is closed: jnet is stopping");
        disk.countDown();
        assertThat(stuck.get(10, TimeUnit.SECONDS)).isEqualTo(WEB);
        try (StateStore again = open()) {
            assertThat(again.<List<Network>>read(StateView::networks)).hasSize(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> files(StateStore store) throws IOException {
        try (Stream<Path> files = Files.list(store.directory())) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private static void writeTo(StateExport state, OutputStream out) {
        try {
            state.writeTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Test
    void recordsComeBackAsTheyWerePut() {
        Network network = network();
        Endpoint endpoint = endpoint();
        ChangedSetting setting = new ChangedSetting("net/ipv4/ip_forward", "0", "1");
        try (StateStore store = open()) {
            store.write(state -> {
                state.put(network);
                state.put(endpoint);
                state.put(setting);
                return state;
            });
        }
        try (StateStore store = open()) {
            assertThat(store.<List<Network>>read(StateView::networks)).containsExactly(network);
            assertThat(store.<List<Endpoint>>read(StateView::endpoints)).containsExactly(endpoint);
            assertThat(store.<List<ChangedSetting>>read(StateView::changedSettings))
                    .containsExactly(setting);
            assertThat(store.<Optional<EndpointId>>read(state -> state.owner(WEB, ADDRESS)))
                    .contains(ONE);
        }
    }

    @Test
    void removedEndpointGivesItsAddressesBack() {
        try (StateStore store = open()) {
            store.write(state -> {
                state.put(endpoint());
                state.remove(ONE);
                return state;
            });

            assertThat(store.<Optional<EndpointId>>read(state -> state.owner(WEB, ADDRESS)))
                    .isEmpty();
            assertThat(store.<List<Endpoint>>read(StateView::endpoints)).isEmpty();
        }
    }

    @Test
    void failedTransactionHasNoEffect() {
        try (StateStore store = open()) {
            assertThatThrownBy(() -> store.write(state -> {
                        state.put(network());
                        throw EngineException.conflict("on purpose");
                    }))
                    .hasMessage("on purpose");

            assertThat(store.<List<Network>>read(StateView::networks)).isEmpty();
        }
    }

    @Test
    void identityIsDrawnOnceAndKept() {
        StateIdentity first;
        try (StateStore store = open()) {
            first = store.read(StateView::identity);
        }
        try (StateStore store = open()) {
            assertThat(store.<StateIdentity>read(StateView::identity)).isEqualTo(first);
        }
        assertThat(first.instance()).matches("[0-9a-f]{32}");
        assertThat(first.namespace()).isEqualTo("here");
    }

    @Test
    void folderIsMadeForItsOwnerOnly() throws Exception {
        try (StateStore store = open()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.directory())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void secondOneOnTheSameFolderIsRefused() {
        try (StateStore store = open()) {
            assertThat(store.directory()).exists();
            assertRefused(ErrorCode.CONFLICT, "another jnet daemon runs on state folder");
        }
        open().close();
    }

    @Test
    void stateOfANewerVersionIsRefusedAndLeftAlone() {
        try (StateStore store = open()) {
            store.write(state -> {
                state.put(new StateIdentity(StateIdentity.CURRENT_FORMAT + 1, "0", "here"));
                return state;
            });
        }
        assertRefused(ErrorCode.UNSUPPORTED, "has format 2, this version of jnet reads format 1");
        assertRefused(ErrorCode.UNSUPPORTED, "has format 2");
    }

    @Test
    void foreignFileIsRefusedByName() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("state"));
        Files.writeString(folder.resolve("state.lmdb"), "this is not a database ".repeat(1000));

        assertRefused(ErrorCode.INTERNAL, "is damaged: it is not a file of LMDB: put a copy of it back");
        assertThat(Files.readString(folder.resolve("state.lmdb"))).startsWith("this is not a database");
    }

    private void assertRefused(ErrorCode code, String message) {
        assertThatThrownBy(this::open).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.getMessage()).contains(message).doesNotContain("\n");
        });
    }

    private StateStore open() {
        return StateStore.open(directory.resolve("state"), "here");
    }

    @Test
    void recordsOfEarlierVersionsAreRead() {
        String network =
                """
                {"spec":{"id":"n1","name":null,"bridge":null,"subnets":[{"prefix":"10.1.0.0/24","gateway":"10.1.0.1/24"}],
                 "mtu":null,"interfacePrefix":"eth","hostBinding":null,"flags":["MASQUERADE"]},
                 "bridge":"jbr-n1","bridgeMac":"02:00:00:00:00:01","state":"READY"}
                """;
        Network read = StateJson.decode(network.getBytes(UTF_8), Network.class, "n1");
        assertThat(read.spec().exterior()).isEqualTo(Exterior.DEFAULT);
        assertThat(read.spec().subnets().get(0).defaultGateway()).isEmpty();
        assertThat(read.adopted()).isEmpty();
        assertThat(read.spec().vlans()).isEmpty();

        String endpoint =
                """
                {"spec":{"network":"n1","id":"e1","addresses":["10.1.0.2/24"],"mac":null},"hostLink":"jv1","peerLink":"jp1",
                 "mac":"02:00:00:00:00:02","sandbox":null,"ports":[],"state":"JOINED"}
                """;
        Endpoint joined = StateJson.decode(endpoint.getBytes(UTF_8), Endpoint.class, "e1");
        assertThat(joined.open()).isEmpty();
        assertThat(joined.spec().bandwidth()).isEqualTo(Bandwidth.UNLIMITED);
        assertThat(joined.shaper()).isEmpty();
    }

    private static Network network() {
        IpPrefix gateway = IpPrefix.parse("10.1.0.1/24");
        NetworkSpec spec = new NetworkSpec(
                WEB,
                Optional.of("web"),
                Optional.of(new InterfaceName("web0")),
                List.of(
                        new Subnet(gateway.network(), Optional.of(gateway)),
                        new Subnet(IpPrefix.parse("fd00::/64"), Optional.empty())),
                OptionalInt.of(1400),
                "eth",
                Optional.of(IpAddress.parse("192.0.2.1")),
                Set.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER));
        return new Network(spec, new InterfaceName("web0"), MacAddress.parse("02:00:00:00:00:01"), NetworkState.READY);
    }

    private static Endpoint endpoint() {
        EndpointSpec spec = new EndpointSpec(
                        WEB,
                        ONE,
                        List.of(IpPrefix.parse("10.1.0.2/24"), IpPrefix.parse("fd00::2/64")),
                        Optional.of(MacAddress.parse("02:00:00:00:00:02")))
                .shapedTo(new Bandwidth(Optional.empty(), Optional.of(new RateLimit(1_000_000, 80_000))));
        return new Endpoint(
                spec,
                new InterfaceName("jv1"),
                new InterfaceName("jp1"),
                MacAddress.parse("02:00:00:00:00:02"),
                Optional.of("/run/docker/netns/0123"),
                List.of(new PortBinding(
                        Protocol.UDP, Optional.of(IpAddress.parse("::")), new PortRange(8000, 8010), 8000)),
                List.of(new OpenPort(Protocol.TCP, AddressFamily.INET6, new PortRange(80, 81))),
                EndpointState.JOINED,
                Optional.of(new InterfaceName("ji1")),
                Optional.of(new InterfaceName("cni0")));
    }

    @Test
    void settingThatAnOlderVersionRecordedIsReadable() {
        byte[] record = "{\"key\":\"net/ipv4/ip_forward\",\"before\":\"0\",\"now\":\"1\"}".getBytes(UTF_8);

        assertThat(StateJson.decode(record, ChangedSetting.class, "net/ipv4/ip_forward"))
                .isEqualTo(new ChangedSetting("net/ipv4/ip_forward", "0", "1"));
    }
}
