package io.jnet.cni.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResultWriterTest {
    private static final String LINKS =
            """
            "interfaces":[{"name":"jbr-1","mac":"02:00:00:00:00:01"#},{"name":"jv1","mac":"fe:00:00:00:00:02"#},\
            {"name":"eth0","mac":"02:00:00:00:00:02"#,"sandbox":"/run/netns/c1"}],""";
    private static final String DNS =
            ",\"dns\":{\"nameservers\":[\"10.0.0.53\"],\"domain\":\"a.test\",\"options\":[\"ndots:1\"]}}";
    private static final String ROUTES =
            "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"},{\"dst\":\"fd01::/16\"}]";

    @ParameterizedTest
    @EnumSource(names = {"V1_0_0", "V1_1_0"})
    void listsWithoutVersionsOfAddresses(SpecVersion version) {
        String mtu = version == SpecVersion.V1_1_0 ? ",\"mtu\":1400" : "";
        assertThat(written(version))
                .isEqualTo("{\"cniVersion\":\"" + version + "\"," + LINKS.replace("#", mtu)
                        + "\"ips\":[{\"address\":\"10.1.0.2/24\",\"gateway\":\"10.1.0.1\",\"interface\":2},"
                        + "{\"address\":\"fd00::2/64\",\"interface\":2}]," + ROUTES + DNS);
    }

    @ParameterizedTest
    @EnumSource(names = {"V0_3_0", "V0_3_1", "V0_4_0"})
    void listsWithVersionsOfAddresses(SpecVersion version) {
        assertThat(written(version))
                .isEqualTo("{\"cniVersion\":\"" + version + "\"," + LINKS.replace("#", "")
                        + "\"ips\":[{\"version\":\"4\",\"address\":\"10.1.0.2/24\",\"gateway\":\"10.1.0.1\",\"interface\":2},"
                        + "{\"version\":\"6\",\"address\":\"fd00::2/64\",\"interface\":2}]," + ROUTES + DNS);
    }

    @ParameterizedTest
    @EnumSource(names = {"V0_1_0", "V0_2_0"})
    void oneAddressOfEachFamilyWithItsRoutes(SpecVersion version) {
        assertThat(written(version))
                .isEqualTo("{\"cniVersion\":\"" + version + "\","
                        + "\"ip4\":{\"ip\":\"10.1.0.2/24\",\"gateway\":\"10.1.0.1\","
                        + "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"}]},"
                        + "\"ip6\":{\"ip\":\"fd00::2/64\",\"routes\":[{\"dst\":\"fd01::/16\"}]}" + DNS);
    }

    @Test
    void anErrorHasCodeAndMessage() {
        assertThat(text(ResultWriter.error(SpecVersion.V0_4_0, 7, "missing \"name\"")))
                .isEqualTo("{\"cniVersion\":\"0.4.0\",\"code\":7,\"msg\":\"missing \\\"name\\\"\"}");
    }

    private static String written(SpecVersion version) {
        OptionalInt mtu = OptionalInt.of(1400);
        return text(ResultWriter.write(
                new CniResult(
                        List.of(
                                new CniResult.Interface(
                                        "jbr-1",
                                        Optional.of(MacAddress.parse("02:00:00:00:00:01")),
                                        mtu,
                                        Optional.empty()),
                                new CniResult.Interface(
                                        "jv1",
                                        Optional.of(MacAddress.parse("fe:00:00:00:00:02")),
                                        mtu,
                                        Optional.empty()),
                                new CniResult.Interface(
                                        "eth0",
                                        Optional.of(MacAddress.parse("02:00:00:00:00:02")),
                                        mtu,
                                        Optional.of("/run/netns/c1"))),
                        List.of(
                                new CniResult.Address(
                                        IpPrefix.parse("10.1.0.2/24"), Optional.of(IpAddress.parse("10.1.0.1"))),
                                new CniResult.Address(IpPrefix.parse("fd00::2/64"), Optional.empty())),
                        List.of(
                                new ContainerRoute(
                                        IpPrefix.parse("0.0.0.0/0"), Optional.of(IpAddress.parse("10.1.0.1"))),
                                new ContainerRoute(IpPrefix.parse("fd01::/16"), Optional.empty())),
                        new DnsConfiguration(
                                List.of("10.0.0.53"), Optional.of("a.test"), List.of(), List.of("ndots:1"))),
                version));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
