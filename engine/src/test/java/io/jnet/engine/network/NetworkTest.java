package io.jnet.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.Resolution;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    private static final String ID = "0762c3f1a9b84d5e".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "web, web.jnet.internal",
        "Web_1, web_1.jnet.internal",
        "shop.test, shop.test.jnet.internal",
        "10, 10.jnet.internal"
    })
    void domainIsTheNameBelowTheParent(String name, String domain) {
        assertThat(network(ID, Optional.of(name), Resolution.DEFAULT).domain()).hasToString(domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web.",
                "web-",
                "a..b",
                "a.-b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void domainOfANameThatIsNoneIsTheIds(String name) {
        assertThat(network(ID, Optional.of(name), Resolution.DEFAULT).domain())
                .hasToString("0762c3f1a9b8.jnet.internal");
    }

    @ParameterizedTest
    @CsvSource({
        "0762c3f1a9b84d5e, 0762c3f1a9b8.jnet.internal",
        "A-b.c_, abc.jnet.internal",
        "123456789012345, 123456789012.jnet.internal"
    })
    void domainOfANetworkWithoutANameIsTheIds(String id, String domain) {
        assertThat(network(id, Optional.empty(), Resolution.DEFAULT).domain()).hasToString(domain);
    }

    @Test
    void givenDomainComesBeforeTheName() {
        Resolution given = new Resolution(true, Optional.of(new DomainName("corp.test")), List.of(), List.of());
        assertThat(network(ID, Optional.of("web"), given).domain()).hasToString("corp.test");
    }

    @Test
    void namesAreAnsweredAtTheAddressesOfTheBridge() {
        Network network = network(ID, Optional.of("web"), Resolution.DEFAULT, "fd77::1/64", "10.77.0.1/24");
        assertThat(network.nameServers()).extracting(Object::toString).containsExactly("10.77.0.1", "fd77::1");
    }

    @Test
    void namesAreAnsweredNowhereWithoutAnAddressOrWhereNobodyWantsThem() {
        assertThat(network(ID, Optional.of("web"), Resolution.DEFAULT).nameServers())
                .isEmpty();
        assertThat(network(ID, Optional.of("web"), Resolution.NONE, "10.77.0.1/24")
                        .nameServers())
                .isEmpty();
    }

    private static Network network(String id, Optional<String> name, Resolution resolution, String... gateways) {
        List<Subnet> subnets = Arrays.stream(gateways)
                .map(IpPrefix::parse)
                .map(gateway -> new Subnet(gateway.network(), Optional.of(gateway)))
                .toList();
        NetworkSpec spec = new NetworkSpec(
                new NetworkId(id),
                name,
                Optional.empty(),
                subnets,
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of());
        return new Network(
                spec.resolving(resolution),
                new InterfaceName("jbr-test"),
                MacAddress.parse("02:00:00:00:00:01"),
                NetworkState.READY);
    }
}
