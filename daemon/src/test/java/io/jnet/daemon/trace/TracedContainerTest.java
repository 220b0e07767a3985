package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.control.EndpointView;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TracedContainerTest {
    private static final EndpointView ADMIN = endpoint("1", "admin", "/run/ns/db", "10.80.0.3/24");
    private static final EndpointView SHOP =
            endpoint("2", "shop", "/run/ns/db", "10.81.0.3/24", "fd00:81::3/64", "10.82.0.3/24");
    private static final EndpointView WEB = endpoint("3", "shop", "/run/ns/web", "10.81.0.2/24", "fd00:81::2/64");
    private static final TracedContainer DATABASE = new TracedContainer(List.of(ADMIN, SHOP));

    @Test
    void isReachedByTheNetworkInCommon() {
        assertThat(address(DATABASE, Optional.of(WEB), Optional.empty())).isEqualTo("10.81.0.3");
        assertThat(address(DATABASE, Optional.of(WEB), Optional.of(AddressFamily.INET6)))
                .isEqualTo("fd00:81::3");
        assertThat(address(DATABASE, Optional.empty(), Optional.empty()))
                .as("by the host")
                .isEqualTo("10.80.0.3");
    }

    @Test
    void isReachedByAFamilyThatBothHave() {
        EndpointView six = endpoint("4", "admin", "/run/ns/six", "fd00:80::2/64");
        assertThat(address(DATABASE, Optional.of(six), Optional.empty())).isEqualTo("fd00:81::3");
        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> address(new TracedContainer(List.of(ADMIN)), Optional.of(six), Optional.empty()))
                .withMessage("endpoint 1 has no address of the other side's family");
    }

    /** Of an adopted bridge with a DHCP server behind it. */
    @Test
    void mayHaveAddressesThatNobodyKnows() {
        EndpointView unknown = endpoint("6", "lan", "/run/ns/lan");
        assertThat(address(DATABASE, Optional.of(unknown), Optional.empty())).isEqualTo("10.80.0.3");
        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> address(new TracedContainer(List.of(unknown)), Optional.of(WEB), Optional.empty()))
                .withMessage("jnet knows no address of endpoint 6: give the container's address in its place");
    }

    @Test
    void isAllThatIsInItsNetworkNamespace() {
        EndpointView alone = endpoint("5", "shop", "", "10.81.0.9/24");
        List<EndpointView> all = List.of(WEB, SHOP, alone, ADMIN);
        assertThat(TracedContainer.of(List.of(ADMIN), all).endpoints()).containsExactly(ADMIN, SHOP);
        assertThat(TracedContainer.of(List.of(ADMIN, SHOP), all).endpoints()).containsExactly(ADMIN, SHOP);
        assertThat(TracedContainer.of(List.of(alone), all).joined()).isEmpty();
        assertThat(DATABASE.addresses(AddressFamily.INET))
                .extracting(IpAddress::toString)
                .containsExactlyInAnyOrder("10.80.0.3", "10.81.0.3", "10.82.0.3");
    }

    private static String address(TracedContainer to, Optional<EndpointView> from, Optional<AddressFamily> family) {
        return to.addressFor(from.map(endpoint -> new TracedContainer(List.of(endpoint))), family)
                .toString();
    }

    private static EndpointView endpoint(String id, String network, String sandbox, String... addresses) {
        return new EndpointView(
                id,
                network,
                network,
                "joined",
                List.of(addresses),
                "",
                "jv" + id,
                Optional.of(sandbox).filter(path -> !path.isEmpty()),
                "docker",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }
}
