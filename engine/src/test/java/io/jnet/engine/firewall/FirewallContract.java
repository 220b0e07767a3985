package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Firewall} promises, for each that fulfils it. */
abstract class FirewallContract {
    private static final NetworkRules NETWORK = new NetworkRules(
            new InterfaceName("jbr-a"),
            List.of(IpPrefix.parse("10.77.0.0/24")),
            List.of(IpAddress.parse("10.77.0.1")),
            EnumSet.of(NetworkFlag.MASQUERADE));
    private static final Surroundings OTHERS = new Surroundings(Set.of(new InterfaceName("br0")));
    private static final FirewallState EMPTY = new FirewallState("test", List.of(), List.of(), Surroundings.NONE);
    private static final Publication WEB = tcp(8080, "10.77.0.2");
    private static final Publication MAIL = tcp(2525, "10.77.0.2");

    private Firewall firewall;

    abstract Firewall open();

    @BeforeEach
    void openFirewall() {
        firewall = open();
    }

    @Test
    void withoutRulesNothingCanBeAdded() {
        refused(ErrorCode.KERNEL, () -> firewall.publish(List.of(WEB)));
        refused(ErrorCode.KERNEL, () -> firewall.addNetwork(NETWORK));
    }

    @Test
    void withoutRulesEverythingCanBeRemoved() {
        assertThatCode(() -> {
                    firewall.unpublish(List.of(WEB));
                    firewall.removeNetwork(NETWORK, List.of());
                    firewall.uninstall();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void installedIsWhatWasInstalledAndNotUninstalled() {
        firewall.uninstall();
        boolean before = firewall.isInstalled();
        firewall.install(EMPTY);
        boolean installed = firewall.isInstalled();
        firewall.uninstall();

        assertThat(List.of(before, installed, firewall.isInstalled())).containsExactly(false, true, false);
    }

    @Test
    void rulesOfAnotherStateAreLeftAlone() {
        firewall.install(EMPTY);

        assertThatThrownBy(() ->
                        firewall.install(new FirewallState("another", List.of(NETWORK), List.of(), Surroundings.NONE)))
                .isInstanceOfSatisfying(EngineException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("belongs to another state");
    }

    @Test
    void everythingMayBeRepeated() {
        assertThatCode(() -> {
                    for (int i = 0; i < 2; i++) {
                        firewall.install(EMPTY);
                        for (int j = 0; j < 2; j++) {
                            firewall.addNetwork(NETWORK);
                            firewall.publish(List.of(WEB, MAIL));
                            firewall.setSurroundings(OTHERS);
                        }
                        for (int j = 0; j < 2; j++) {
                            firewall.unpublish(List.of(WEB, MAIL));
                            firewall.removeNetwork(NETWORK, List.of());
                            firewall.setSurroundings(Surroundings.NONE);
                        }
                    }
                    firewall.publish(List.of());
                    firewall.unpublish(List.of());
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aTakenPortIsAConflictAndNothingIsPublished() {
        firewall.install(EMPTY);
        firewall.publish(List.of(WEB));

        refused(ErrorCode.CONFLICT, () -> firewall.publish(List.of(MAIL, tcp(8080, "10.77.0.3"))));

        // Were MAIL published, this would be a conflict.
        firewall.publish(List.of(tcp(2525, "10.77.0.4")));
        refused(ErrorCode.CONFLICT, () -> firewall.publish(List.of(MAIL)));
    }

    @Test
    void installingMakesTheRulesExactlyThese() {
        firewall.install(new FirewallState("test", List.of(NETWORK), List.of(WEB), Surroundings.NONE));
        firewall.install(new FirewallState("test", List.of(NETWORK), List.of(MAIL), Surroundings.NONE));

        firewall.publish(List.of(tcp(8080, "10.77.0.3")));
        refused(ErrorCode.CONFLICT, () -> firewall.publish(List.of(tcp(2525, "10.77.0.3"))));
    }

    private static void refused(ErrorCode code, Runnable attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(EngineException.class, failure -> assertThat(failure.code())
                        .isEqualTo(code));
    }

    private static Publication tcp(int port, String container) {
        return new Publication(
                Protocol.TCP, IpAddress.parse("0.0.0.0"), PortRange.of(port), IpAddress.parse(container), 80);
    }
}
