package io.jnet.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.plugin.DockerPlugin;
import io.jnet.plugin.PluginResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol as dockerd sees it: paths and bodies in, statuses and bodies out. */
class IpamDriverTest {
    private static final String SPACE = "\"AddressSpace\":\"jnet-local\"";

    @TempDir
    private Path folder;

    private PoolFixture fixture;
    private DockerPlugin plugin;

    @BeforeEach
    void open() {
        fixture = PoolFixture.open(folder);
        plugin = new DockerPlugin(List.of(IpamDriver.on(fixture.pools())));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void activates_and_says_what_it_is() {
        assertThat(call("/Plugin.Activate", "")).isEqualTo("200 {\"Implements\":[\"IpamDriver\"]}");
        assertThat(call("/IpamDriver.GetCapabilities", ""))
                .isEqualTo("200 {\"RequiresMACAddress\":false,\"RequiresRequestReplay\":false}");
        assertThat(call("/IpamDriver.GetDefaultAddressSpaces", ""))
                .isEqualTo(
                        "200 {\"LocalDefaultAddressSpace\":\"jnet-local\",\"GlobalDefaultAddressSpace\":\"jnet-global\"}");
    }

    @Test
    void goes_through_the_life_of_a_network_as_dockerd_sends_it() {
        String pool = requestPool("\"Pool\":\"10.1.0.0/24\",\"SubPool\":\"\",\"Options\":null,\"V6\":false");
        assertThat(pool).matches("10\\.1\\.0\\.0/24@[0-9a-f]{8}");
        assertThat(requestAddress(pool, "", "{\"RequestAddressType\":\"com.docker.network.gateway\"}"))
                .isEqualTo("200 {\"Address\":\"10.1.0.1/24\",\"Data\":{}}");
        assertThat(requestAddress(pool, "10.1.0.200", "null"))
                .isEqualTo("200 {\"Address\":\"10.1.0.200/24\",\"Data\":{}}");
        assertThat(requestAddress(pool, "", "{\"com.docker.network.endpoint.name\":\"web\"}"))
                .isEqualTo("200 {\"Address\":\"10.1.0.2/24\",\"Data\":{}}");
        assertThat(fixture.pools().leases().get(1).lease().owner()).contains("web");
        for (String address : List.of("10.1.0.2", "10.1.0.2", "10.1.0.1", "10.1.0.200", "10.1.0.77")) {
            assertThat(releaseAddress(pool, address)).isEqualTo("200 {}");
        }
        assertThat(call("/IpamDriver.ReleasePool", "{\"PoolID\":\"" + pool + "\"}"))
                .isEqualTo("200 {}");
        assertThat(call("/IpamDriver.ReleasePool", "{\"PoolID\":\"" + pool + "\"}"))
                .isEqualTo("200 {}");
        assertThat(releaseAddress(pool, "10.1.0.2")).isEqualTo("200 {}");
    }

    @Test
    void a_pool_stays_with_its_gateway_as_long_as_containers_that_docker_does_not_know_have_its_addresses() {
        Set<String> others = new HashSet<>();
        plugin = new DockerPlugin(List.of(IpamDriver.on(fixture.pools(), range -> others.contains(range.toString()))));
        String pool = requestPool("\"Pool\":\"10.1.0.0/24\",\"SubPool\":\"\",\"Options\":null,\"V6\":false");
        requestAddress(pool, "", "{\"RequestAddressType\":\"com.docker.network.gateway\"}");
        requestAddress(pool, "10.1.0.9", "{\"com.docker.network.endpoint.name\":\"web\"}");
        String release = "{\"PoolID\":\"" + pool + "\"}";
        others.add("10.1.0.0/24");
        assertThat(releaseAddress(pool, "10.1.0.1")).contains("pool 10.1.0.0/24 stays as long as containers of CNI");
        assertThat(call("/IpamDriver.ReleasePool", release)).contains("pool 10.1.0.0/24 stays");
        assertThat(releaseAddress(pool, "10.1.0.9")).isEqualTo("200 {}");
        assertThat(fixture.pools().leases()).hasSize(1);

        others.clear();
        assertThat(releaseAddress(pool, "10.1.0.1")).isEqualTo("200 {}");
        assertThat(call("/IpamDriver.ReleasePool", release)).isEqualTo("200 {}");
        assertThat(fixture.pools().pools()).isEmpty();
    }

    @Test
    void identical_requests_for_a_chosen_pool_get_different_ones() {
        String body = "\"Pool\":\"\",\"SubPool\":\"\",\"Options\":{},\"V6\":false";
        assertThat(requestPool(body)).startsWith("172.16.0.0/24@");
        assertThat(requestPool(body)).startsWith("172.16.1.0/24@");
        assertThat(requestPool("\"Pool\":\"\",\"V6\":true")).startsWith("fd").contains("::/64@");
    }

    @Test
    void a_mac_address_is_an_owner_too_and_a_name_the_better_one() {
        String pool = requestPool("\"Pool\":\"10.1.0.0/24\",\"Options\":{\"io.jnet.sticky\":\"true\"}");
        String mac = "{\"com.docker.network.endpoint.macaddress\":\"02:42:0a:01:00:09\"}";
        String first = requestAddress(pool, "", mac);
        releaseAddress(pool, "10.1.0.1");
        requestAddress(pool, "", "{}");
        assertThat(requestAddress(pool, "", mac)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"Pool\":\"10.1.0.1/24\" | host bits are set",
                "\"Pool\":\"10.1.0.0\" | invalid prefix",
                "\"Pool\":\"010.1.0.0/24\" | invalid IP address",
                "\"Pool\":\"10.1.0.0/33\" | invalid prefix length 33",
                "\"Pool\":\"10.1.0.0/24\",\"V6\":true | pool 10.1.0.0/24 is not one of IPv6",
                "\"Pool\":\"fd00::/64\",\"V6\":false | pool fd00::/64 is not one of IPv4",
                "\"Pool\":\"::ffff:10.1.0.0/120\",\"V6\":true | IPv4-mapped",
                "\"SubPool\":\"10.1.0.0/24\" | range 10.1.0.0/24 needs a pool",
                "\"Pool\":\"10.1.0.0/24\",\"SubPool\":\"10.2.0.0/25\" | is not inside pool 10.1.0.0/24",
                "\"Pool\":\"10.1.0.0/24\",\"Options\":{\"io.jnet.stick\":\"1\"} | unknown option",
                "\"Pool\":\"10.1.0.0/24\",\"Options\":{\"io.jnet.sticky\":\"yes\"} | want true or false",
            })
    void refuses_what_cannot_be_a_pool(String body, String message) {
        assertThat(call("/IpamDriver.RequestPool", "{" + SPACE + "," + body + "}"))
                .startsWith("400 {\"Err\":\"")
                .contains(message);
        assertThat(fixture.pools().pools()).isEmpty();
    }

    @Test
    void refuses_overlapping_pools_and_unknown_spaces() {
        requestPool("\"Pool\":\"10.1.0.0/16\"");
        assertThat(call("/IpamDriver.RequestPool", "{" + SPACE + ",\"Pool\":\"10.1.7.0/24\"}"))
                .isEqualTo("409 {\"Err\":\"pool 10.1.7.0/24 overlaps pool 10.1.0.0/16, which is in use\","
                        + "\"Error\":\"pool 10.1.7.0/24 overlaps pool 10.1.0.0/16, which is in use\"}");
        assertThat(call("/IpamDriver.RequestPool", "{\"AddressSpace\":\"other\",\"Pool\":\"10.3.0.0/16\"}"))
                .startsWith("400 {\"Err\":\"unknown address space \\\"other\\\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "10.1.0.0/24", "10.1.0.0/24@zz", "\\u0000@12345678"})
    void an_unknown_pool_is_an_error_for_addresses_and_nothing_to_release(String pool) {
        assertThat(requestAddress(pool, "", "null")).startsWith("400 {\"Err\":\"no address pool ");
        assertThat(call("/IpamDriver.ReleasePool", "{\"PoolID\":\"" + pool + "\"}"))
                .isEqualTo("200 {}");
        assertThat(releaseAddress(pool, "10.1.0.1")).isEqualTo("200 {}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RequestPool", "ReleasePool", "RequestAddress", "ReleaseAddress"})
    void an_empty_or_broken_body_is_an_error(String method) {
        assertThat(call("/IpamDriver." + method, "")).startsWith("400 {\"Err\":\"the request has no body\"");
        assertThat(call("/IpamDriver." + method, "{\"PoolID\":")).startsWith("400 {\"Err\":\"invalid request");
        assertThat(call("/IpamDriver." + method, "[]")).startsWith("400 {\"Err\":\"invalid request");
    }

    private String requestPool(String body) {
        String answer = call("/IpamDriver.RequestPool", "{" + SPACE + "," + body + "}");
        assertThat(answer).startsWith("200 {\"PoolID\":\"");
        return answer.replaceFirst(".*\"PoolID\":\"([^\"]*)\".*", "$1");
    }

    private String requestAddress(String pool, String address, String options) {
        return call(
                "/IpamDriver.RequestAddress",
                "{\"PoolID\":\"" + pool + "\",\"Address\":\"" + address + "\",\"Options\":" + options + "}");
    }

    private String releaseAddress(String pool, String address) {
        return call("/IpamDriver.ReleaseAddress", "{\"PoolID\":\"" + pool + "\",\"Address\":\"" + address + "\"}");
    }

    private String call(String path, String body) {
        PluginResponse response = plugin.handle(path, body.getBytes(StandardCharsets.UTF_8));
        return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }
}
