package io.jnet.engine;

import static io.jnet.engine.EngineFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.IpPrefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
    private static final NetworkId NAMED = new NetworkId("ff".repeat(32));

    @TempDir
    private Path directory;

    @Test
    void anIdMeansTheNetworkOfThatIdWhateverOthersAreCalled() {
        try (EngineFixture fixture = new EngineFixture(directory)) {
            fixture.web();
            create(fixture, WEB.value());
            Records records = new Records(fixture.engine().store());

            assertThat(records.network(WEB.value()).id()).isEqualTo(WEB);
            assertThat(records.network("ffff").id()).isEqualTo(NAMED);
        }
    }

    @Test
    void whatMeansNoneOrManyIsRefused() {
        try (EngineFixture fixture = new EngineFixture(directory)) {
            create(fixture, "web");
            fixture.engine().createNetwork(EngineFixture.spec(new NetworkId("ffee" + "ff".repeat(30)), "10.3.0.1/24"));
            Records records = new Records(fixture.engine().store());

            assertThat(records.network("web").id()).isEqualTo(NAMED);
            assertThatThrownBy(() -> records.network("ff"))
                    .hasMessage("network \"ff\" is ambiguous: 2 ids begin with it");
            assertThatThrownBy(() -> records.network("we")).hasMessage("no network \"we\"");
            assertThatThrownBy(() -> records.network("")).hasMessage("no network \"\"");
        }
    }

    private static void create(EngineFixture fixture, String name) {
        IpPrefix gateway = IpPrefix.parse("10.2.0.1/24");
        fixture.engine()
                .createNetwork(new NetworkSpec(
                        NAMED,
                        Optional.of(name),
                        Optional.empty(),
                        List.of(new Subnet(gateway.network(), Optional.of(gateway))),
                        OptionalInt.empty(),
                        "eth",
                        Optional.empty(),
                        Set.of(NetworkFlag.MASQUERADE)));
    }
}
