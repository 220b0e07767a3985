package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published ports that come and go while the container runs. */
class PortAmendmentsTest {
    private static final String WEB_8080 = "published4 { 6 . 8080 : 10.1.0.2 . 80 }";
    private static final String WEB_8081 = "published4 { 6 . 8081 : 10.1.0.2 . 81 }";

    @TempDir
    Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void publishOne() {
        fixture = new EngineFixture(directory.resolve("state"));
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void onePortMoreLeavesTheOthersAsTheyAre() {
        assertThat(add(tcp(8081, 81))).hasSize(2);
        assertThat(fixture.host.published()).containsExactlyInAnyOrder(WEB_8080, WEB_8081);
        assertThat(fixture.host.ports).containsExactly("8080/tcp *", "8081/tcp *");
    }

    @Test
    void isThereAfterARestart() {
        add(tcp(8081, 81));
        fixture.restart();
        assertThat(fixture.host.published()).containsExactlyInAnyOrder(WEB_8080, WEB_8081);
        assertThat(fixture.host.ports).containsExactly("8080/tcp *", "8081/tcp *");
    }

    @Test
    void thatIsPublishedAlreadyChangesNothing() {
        List<PortBinding> once = add(tcp(8081, 81));
        assertThat(add(tcp(8081, 81), tcp(8080, 80))).isEqualTo(once);
        assertThat(fixture.host.ports).hasSize(2);
    }

    @Test
    void ofARangeOneGoesAndTheRestStays() {
        List<PortRequest> range = new ArrayList<>();
        for (int port = 9000; port < 9005; port++) {
            range.add(tcp(port, port));
        }
        fixture.engine().publishMore(WEB, ONE, range);
        assertThat(remove(selection(9002)))
                .extracting(PortBinding::hostPorts)
                .containsExactlyInAnyOrder(PortRange.of(8080), new PortRange(9000, 9001), new PortRange(9003, 9004));
        assertThat(fixture.host.ports).doesNotContain("9002/tcp *").contains("9001/tcp *", "9003/tcp *");
    }

    @Test
    void whatGoesIsNamedByHostPortProtocolAddressAndContainerPort() {
        assertThatThrownBy(() ->
                        remove(new PortSelection(Protocol.UDP, Optional.empty(), PortRange.of(8080), Optional.empty())))
                .hasMessageContaining("does not publish port 8080/udp");
        assertThatThrownBy(() -> remove(new PortSelection(
                        Protocol.TCP, Optional.empty(), PortRange.of(8080), Optional.of(PortRange.of(81)))))
                .hasMessageContaining("does not publish port 8080/tcp");
        assertThatThrownBy(() -> remove(new PortSelection(
                        Protocol.TCP, Optional.of(IpAddress.parse("127.0.0.1")), PortRange.of(8080), Optional.empty())))
                .hasMessageContaining("publishes port 8080/tcp on every address, as one: name it without an address");
        assertThat(fixture.host.published()).containsExactly(WEB_8080);

        assertThat(remove(new PortSelection(
                        Protocol.TCP, Optional.empty(), PortRange.of(8080), Optional.of(PortRange.of(80)))))
                .isEmpty();
        assertThat(fixture.host.published()).isEmpty();
        assertThat(fixture.host.ports).isEmpty();
    }

    @Test
    void oneThatIsNotThereKeepsTheOthers() {
        assertThatThrownBy(() -> remove(selection(8080), selection(1)))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(fixture.host.published()).containsExactly(WEB_8080);
    }

    @Test
    void ofWhatIsTakenNothingIsPublished() {
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().publish(WEB, TWO, List.of(tcp(8090, 80)));
        assertThatThrownBy(() -> add(tcp(8081, 81), tcp(8090, 81)))
                .hasMessageContaining("8090/tcp")
                .hasMessageContaining(TWO.value());
        assertThatThrownBy(() -> add(tcp(8080, 81)))
                .hasMessageContaining(
                        "8080/tcp on 0.0.0.0 and :: is published by this container already, to its port 80");
        assertThat(fixture.host.ports).containsExactly("8080/tcp *", "8090/tcp *");
        assertThat(fixture.host.published()).hasSize(2);
    }

    @Test
    void theRuntimeHasTheLastWord() {
        add(tcp(8081, 81));
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        assertThat(fixture.host.published()).containsExactly(WEB_8080);
        add(tcp(8081, 81));
        fixture.engine().leave(WEB, ONE);
        assertThat(fixture.host.published()).isEmpty();
        assertThat(fixture.host.ports).isEmpty();
        assertThatThrownBy(() -> add(tcp(8081, 81))).hasMessageContaining("it has not joined a container");
    }

    @Test
    void nothingIsPublishedOnAnInternalNetwork() {
        fixture.engine().deleteNetwork(WEB);
        fixture.engine().createNetwork(EngineFixture.spec(WEB, Set.of(NetworkFlag.INTERNAL), "10.1.0.1/24"));
        fixture.joined(ONE, "10.1.0.2/24");
        assertThatThrownBy(() -> add(tcp(8081, 81))).hasMessageContaining("is internal");
    }

    private List<PortBinding> add(PortRequest... requests) {
        return fixture.engine().publishMore(WEB, ONE, List.of(requests));
    }

    private List<PortBinding> remove(PortSelection... selections) {
        return fixture.engine().unpublish(WEB, ONE, List.of(selections));
    }

    private static PortSelection selection(int hostPort) {
        return new PortSelection(Protocol.TCP, Optional.empty(), PortRange.of(hostPort), Optional.empty());
    }
}
