package io.jnet.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolId;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostPoolTest {
    private static final NetworkId WEB = new NetworkId("web");
    private static final IpPrefix RANGE = IpPrefix.parse("10.1.0.0/24");
    private static final PoolId DOCKERS = new PoolId("10.1.0.0/24@0123abcd");

    @TempDir
    private Path folder;

    private PoolFixture fixture;

    @BeforeEach
    void open() {
        fixture = PoolFixture.open(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void dockersPoolIsThereAgainWhenDockerAsksForAnAddress() {
        record(network().asRebuilt());
        assertThat(fixture.take(DOCKERS, "", "")).isEqualTo("10.1.0.3/24");
        assertThat(leased()).containsExactly("10.1.0.1", "10.1.0.2", "10.1.0.3");
        assertThat(fixture.pools().pool(RANGE)).map(Pool::id).contains(DOCKERS);
        assertThatThrownBy(() -> fixture.take(DOCKERS, "10.1.0.2", "")).hasMessageContaining("is taken");
    }

    @Test
    void anAddressThatDockerGivesBackIsFree() {
        record(network().asRebuilt());
        fixture.pools().releaseAddress(DOCKERS, IpAddress.parse("10.1.0.2"));
        assertThat(leased()).containsExactly("10.1.0.1");
    }

    @Test
    void aNetworkThatWasNeverLostHasNoOtherPool() {
        record(network());
        assertThatThrownBy(() -> fixture.take(DOCKERS, "", ""))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("no address pool");
        fixture.pools().releaseAddress(DOCKERS, IpAddress.parse("10.1.0.2"));
        assertThat(fixture.pools().pools()).isEmpty();
    }

    @Test
    void oneNetworkHasOnePool() {
        record(network().asRebuilt());
        fixture.take(DOCKERS, "", "");
        assertThatThrownBy(() -> fixture.take(new PoolId("10.1.0.0/24@ffffffff"), "", ""))
                .hasMessageContaining("no address pool");
    }

    @Test
    void aConfigurationSaysWhichPartContainersGet() {
        record(network().asRebuilt());
        PoolRequest request = new PoolRequest(
                "cni",
                AddressFamily.INET,
                Optional.of(RANGE),
                Optional.empty(),
                Optional.of(new AddressRange(IpAddress.parse("10.1.0.10"), IpAddress.parse("10.1.0.20"))),
                true);
        Pool pool = fixture.pools().restorePool(WEB, request, Optional.of(IpAddress.parse("10.1.0.9")));
        assertThat(fixture.pools().restorePool(WEB, request, Optional.empty()).id())
                .isEqualTo(pool.id());
        assertThat(leased()).containsExactly("10.1.0.1", "10.1.0.2", "10.1.0.9");
        assertThat(fixture.take(pool)).isEqualTo("10.1.0.10/24");
    }

    @Test
    void poolsThatAnOlderStateHasGetTheLeasesThatItLacks() {
        Pool pool = fixture.pool("10.1.0.0/24");
        record(network());
        fixture.store().write(state -> {
            fixture.pools().leaseAdopted(state, state.endpoints());
            return state;
        });
        assertThat(leased()).containsExactly("10.1.0.2");
        assertThat(fixture.take(pool)).isEqualTo("10.1.0.1/24");
        assertThat(fixture.take(pool)).isEqualTo("10.1.0.3/24");
    }

    private List<String> leased() {
        return fixture.pools().leases().stream()
                .map(report -> report.lease().address().toString())
                .toList();
    }

    /** With one endpoint. */
    private void record(Network network) {
        fixture.store().write(state -> {
            state.put(network);
            state.put(new Endpoint(
                    new EndpointSpec(
                            WEB, new EndpointId("one"), List.of(IpPrefix.parse("10.1.0.2/24")), Optional.empty()),
                    new InterfaceName("jv0000000000001"),
                    new InterfaceName("jp0000000000001"),
                    MacAddress.parse("02:00:00:00:00:02"),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    EndpointState.JOINED));
            return network;
        });
    }

    private static Network network() {
        NetworkSpec spec = new NetworkSpec(
                WEB,
                Optional.empty(),
                Optional.empty(),
                List.of(new Subnet(RANGE, Optional.of(IpPrefix.parse("10.1.0.1/24")))),
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of());
        return new Network(
                spec, new InterfaceName("jbr-web"), MacAddress.parse("02:00:00:00:00:01"), NetworkState.READY);
    }
}
