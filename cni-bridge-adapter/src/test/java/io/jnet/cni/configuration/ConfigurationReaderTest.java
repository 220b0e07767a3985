package io.jnet.cni.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.cni.configuration.IpamConfiguration.AddressSource;
import io.jnet.cni.configuration.NetworkConfiguration.AttachmentName;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.Vlans;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.sysctl.NetworkSetting;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
    private static final String HEAD = "'cniVersion': '1.0.0', 'name': 'web', 'type': 'jnet'";

    @Test
    void readsEveryKey() {
        NetworkConfiguration read = read(
                """
                'bridge': 'web0', 'isDefaultGateway': true, 'ipMasq': true, 'mtu': 1400, 'portIsolation': true, 'enabledad': true,
                'ingressPolicy': 'same-bridge', 'publishPolicy': 'firewalled', 'reservePorts': false, 'dns': {'nameservers': ['10.0.0.53'], 'search': ['a.test']},
                'ipam': {'type': 'jnet', 'sticky': true,
                    'ranges': [[{'subnet': '10.88.0.0/16', 'rangeStart': '10.88.1.1', 'rangeEnd': '10.88.1.9', 'gateway': '10.88.0.7'}],
                               [{'subnet': 'fd00:88::/64'}]],
                    'routes': [{'dst': '10.9.0.0/16', 'gw': '10.88.0.9'}, {'dst': '0.0.0.0/0'}]}
                """);

        assertThat(read.version()).isEqualTo(SpecVersion.V1_0_0);
        assertThat(read.name()).isEqualTo("web");
        assertThat(read.bridge()).contains(new InterfaceName("web0"));
        assertThat(read.publish()).hasToString("firewalled");
        assertThat(read.gateway()).as("a default gateway is a gateway").isTrue();
        assertThat(read.defaultGateway()).isTrue();
        assertThat(read.masquerade()).isTrue();
        assertThat(read.mtu()).isEqualTo(OptionalInt.of(1400));
        assertThat(read.interContainer()).isFalse();
        assertThat(read.duplicateDetection()).isTrue();
        assertThat(read.ingress()).isEqualTo(IngressPolicy.SAME_BRIDGE);
        assertThat(read.reservePorts()).contains(false);
        assertThat(read.dns().nameservers()).containsExactly("10.0.0.53");
        assertThat(read.ipam().sticky()).isTrue();
        assertThat(read.ipam().ranges())
                .containsExactly(
                        new RangeConfiguration(
                                IpPrefix.parse("10.88.0.0/16"),
                                Optional.of(new AddressRange(address("10.88.1.1"), address("10.88.1.9"))),
                                address("10.88.0.7"),
                                false),
                        new RangeConfiguration(
                                IpPrefix.parse("fd00:88::/64"), Optional.empty(), address("fd00:88::1"), false));
        assertThat(read.ipam().routes())
                .containsExactly(
                        new ContainerRoute(IpPrefix.parse("10.9.0.0/16"), Optional.of(address("10.88.0.9"))),
                        new ContainerRoute(IpPrefix.parse("0.0.0.0/0"), Optional.empty()));
    }

    @Test
    void asksForNothingThatIsNotSaid() {
        NetworkConfiguration read = read("'mtu': 0, 'promiscMode': false, 'vlan': 0");
        assertThat(read.gateway()).isFalse();
        assertThat(read.masquerade()).isFalse();
        assertThat(read.mtu()).isEmpty();
        assertThat(read.interContainer()).isTrue();
        assertThat(read.ingress()).isEqualTo(IngressPolicy.OPEN);
        assertThat(read.ipam().ranges()).isEmpty();
        assertThat(read.dns().isEmpty()).isTrue();
    }

    @Test
    void readsWhatTheTuningPluginDoes() {
        NetworkConfiguration read = read(
                """
                'sysctl': {'net.ipv4.conf.IFNAME.log_martians': '1', 'net/core/somaxconn': '500'}, 'mac': '02:00:00:00:00:09',
                'promisc': true, 'allmulti': true, 'txQLen': 77, 'macspoofchk': true, 'promiscMode': true, 'adoptBridge': true
                """);
        assertThat(read.tuning().settings())
                .containsOnly(
                        Map.entry(new NetworkSetting("net/ipv4/conf/eth0/log_martians"), "1"),
                        Map.entry(new NetworkSetting("net/core/somaxconn"), "500"));
        assertThat(read.tuning().promiscuous()).isTrue();
        assertThat(read.tuning().allMulticast()).isTrue();
        assertThat(read.tuning().transmitQueue()).hasValue(77);
        assertThat(read.runtime().mac()).contains(MacAddress.parse("02:00:00:00:00:09"));
        assertThat(read.flags()).containsOnly(NetworkFlag.MAC_SECURITY, NetworkFlag.PROMISCUOUS_BRIDGE);
    }

    @Test
    void namesTheFileAndThePluginOfOthers() {
        assertThat(read("'ipam': {'type': 'jnet', 'resolvConf': '/etc/resolv.conf'}")
                        .resolverFile())
                .contains("/etc/resolv.conf");
        assertThat(read("'ipam': {'type': 'jnet', 'resolvConf': '/x'}, 'dns': {'nameservers': ['10.0.0.53']}")
                        .resolverFile())
                .as("what is said comes first")
                .isEmpty();
        assertThat(read("'ipam': {'type': 'host-local'}").ipam().plugin()).contains("host-local");
        assertThat(read("'ipam': {}").ipam().source()).isEqualTo(AddressSource.NOBODY);
    }

    /** What no ADD can have succeeded with must not keep a container from going. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'ipam': 7}", "{'ipam': {'type': '../x'}}", "{'ipam': {'type': 'jnet'}}"})
    void asksNoPluginToGiveBackWhatItNeverGave(String configuration) {
        assertThat(ConfigurationReader.of(configuration.replace('\'', '"').getBytes(UTF_8))
                        .ipamPlugin())
                .isEmpty();
    }

    /** Of a pod the runtime says the name and namespace, of a container its name alone. */
    @Test
    void readsWhatAContainerIsCalled() {
        Map<String, String> pod = Map.of("CNI_ARGS", "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=Web-0");
        assertThat(read("", pod).runtime().names()).hasToString("[web-0]");
        assertThat(read("", Map.of("CNI_ARGS", "NERDCTL_CNI_DHCP_HOSTNAME=front"))
                        .runtime()
                        .names())
                .hasToString("[front]");
        assertThat(read("'runtimeConfig': {'aliases': ['db', 'web-0', 'store']}", pod)
                        .runtime()
                        .names())
                .as("its own name first, and each once")
                .hasToString("[web-0, db, store]");
        assertThat(read("'runtimeConfig': {'aliases': {'web': ['db'], 'WEB': ['other'], 'back': ['mail']}}", pod)
                        .runtime()
                        .names())
                .as("those on this network, as Podman sends them")
                .hasToString("[web-0, db]");
        assertThat(read("'runtimeConfig': {'aliases': {'back': ['mail'], 'web': null}}")
                        .runtime()
                        .names())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web.shop",
                "-web",
                "web one",
                "*",
                "w\u00e4b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void passesOverWhatIsNoNameWithoutDots(String name) {
        assertThat(read(
                                "'runtimeConfig': {'aliases': ['" + name + "', 'db']}",
                                Map.of("CNI_ARGS", "K8S_POD_NAME=" + name))
                        .runtime()
                        .names())
                .hasToString("[db]");
    }

    @Test
    void readsWhatTheNetworkSaysOfNames() {
        assertThat(read("").resolution()).isEmpty();
        assertThat(read("'isGateway': true, 'resolver': {}").resolution()).contains(Resolution.DEFAULT);
        assertThat(read("'resolver': {'enabled': false}").resolution()).contains(Resolution.NONE);
        Resolution said = read("'isGateway': true, 'resolver': {'domain': 'Shop.test', 'servers': ['192.0.2.53',"
                        + " 'corp.test=2001:db8::53#5353'], 'records': ['*.apps.test=10.88.0.9']}")
                .resolution()
                .orElseThrow();
        assertThat(said.enabled()).isTrue();
        assertThat(said.domain()).contains(new DomainName("shop.test"));
        assertThat(said.servers()).hasToString("[192.0.2.53, corp.test=2001:db8::53#5353]");
        assertThat(said.records()).hasToString("[*.apps.test=10.88.0.9]");
    }

    @Test
    void readsAResolversFile() {
        DnsConfiguration dns = DnsConfiguration.ofResolverFile(
                "# comment\nnameserver 10.0.0.53\nnameserver  fd00::53 \nsearch a.test b.test\noptions ndots:2 edns0\nsortlist x\n");
        assertThat(dns.nameservers()).containsExactly("10.0.0.53", "fd00::53");
        assertThat(dns.search()).containsExactly("a.test", "b.test");
        assertThat(dns.options()).containsExactly("ndots:2", "edns0");
    }

    @Test
    void noVersionIsTheFirst() {
        assertThat(ConfigurationReader.of("{'name': 'web'}".replace('\'', '"').getBytes(UTF_8))
                        .version())
                .isEqualTo(SpecVersion.V0_1_0);
    }

    /** As containerd's go-cni writes them, whose structures carry no names for JSON. */
    @Test
    void findsKeysOfRuntimeConfigInAnyCase() {
        NetworkConfiguration read = read(
                """
                'runtimeConfig': {'portMappings': [{'HostPort': 8080, 'ContainerPort': 80, 'Protocol': 'TCP', 'HostIP': ''}],
                    'dns': {'Servers': ['10.0.0.53'], 'Searches': ['a.test'], 'Options': ['ndots:1']},
                    'Bandwidth': {'IngressRate': 0, 'EgressRate': 0}, 'ips': ['10.88.0.9/16'], 'mac': '02:00:00:00:00:09'}
                """);
        assertThat(read.runtime().ports())
                .containsExactly(new PortRequest(Protocol.TCP, Optional.empty(), Optional.of(PortRange.of(8080)), 80));
        assertThat(read.dns().search()).containsExactly("a.test");
        assertThat(read.runtime().addresses()).containsExactly(address("10.88.0.9"));
        assertThat(read.runtime().mac()).contains(MacAddress.parse("02:00:00:00:00:09"));
    }

    @Test
    void theRuntimesWordComesBeforeArgsAndArgsBeforeTheEnvironment() {
        String args = "'args': {'cni': {'ips': ['10.88.0.2'], 'mac': '02:00:00:00:00:02'}}";
        Map<String, String> environment = Map.of("CNI_ARGS", "IP=10.88.0.1;MAC=02:00:00:00:00:01");
        assertThat(read("", environment).runtime().addresses()).containsExactly(address("10.88.0.1"));
        assertThat(read("", environment).runtime().mac()).contains(MacAddress.parse("02:00:00:00:00:01"));
        assertThat(read(args, environment).runtime().addresses()).containsExactly(address("10.88.0.2"));
        assertThat(read(args + ", 'runtimeConfig': {'ips': ['10.88.0.3']}", environment)
                        .runtime())
                .satisfies(runtime -> {
                    assertThat(runtime.addresses()).containsExactly(address("10.88.0.3"));
                    assertThat(runtime.mac()).contains(MacAddress.parse("02:00:00:00:00:02"));
                });
    }

    @Test
    void readsRatesAndBursts() {
        assertThat(limits("").hasLimit()).isFalse();
        assertThat(limits("'ingressRate': 0, 'egressBurst': 0").hasLimit()).isFalse();
        Bandwidth own = new Bandwidth(
                Optional.of(new RateLimit(8_000_000, 80_000)), Optional.of(RateLimit.of(RateLimit.MAX_RATE)));
        String keys = "'ingressRate': 8000000, 'ingressBurst': 80000, 'egressRate': 1000000000000000, 'egressBurst': 0";
        assertThat(limits(keys)).isEqualTo(own);
        assertThat(limits("'runtimeConfig': {'bandwidth': {" + keys + "}}")).isEqualTo(own);
        assertThat(limits("'runtimeConfig': {'bandWidth': {" + keys.toUpperCase(Locale.ROOT) + "}}"))
                .isEqualTo(own);
    }

    @Test
    void theRuntimesRatesComeBeforeThoseOfTheConfiguration() {
        String own = "'ingressRate': 8000000, 'egressRate': 8000000, 'runtimeConfig': {'bandwidth': ";
        Bandwidth asked = new Bandwidth(Optional.empty(), Optional.of(RateLimit.of(1_000_000)));
        assertThat(limits(own + "{'egressRate': 1000000}}")).isEqualTo(asked);
        Bandwidth unasked = new Bandwidth(Optional.of(RateLimit.of(8_000_000)), Optional.of(RateLimit.of(8_000_000)));
        assertThat(limits(own + "{'ingressRate': 0, 'ingressBurst': 0}}")).isEqualTo(unasked);
        assertThat(limits(own + "null}")).isEqualTo(unasked);
    }

    /** Of containerd, of CRI-O, and of CRI-O before. */
    @ParameterizedTest
    @ValueSource(longs = {2147483647L, 4294967295L, 34359738359L, 34359738360L})
    void aBurstThatOnlyTheRuntimeSpeaksOfIsNone(long burst) {
        assertThat(limits("'runtimeConfig': {'bandwidth': {'ingressRate': 8000000, 'ingressBurst': " + burst + "}}"))
                .isEqualTo(new Bandwidth(Optional.of(RateLimit.of(8_000_000)), Optional.empty()));
    }

    private static Bandwidth limits(String keys) {
        return read(keys).bandwidth().limits();
    }

    @Test
    void anEmptyListOfAttachmentsIsOneAndNullIsNone() {
        assertThat(attachments("")).isEmpty();
        assertThat(attachments(", 'cni.dev/valid-attachments': null, 'cni.dev/attachments': null"))
                .isEmpty();
        assertThat(attachments(", 'cni.dev/valid-attachments': []").orElseThrow())
                .isEmpty();
        assertThat(attachments(", 'cni.dev/attachments': [{'containerID': 'c1', 'ifname': 'eth0'}]")
                        .orElseThrow())
                .containsExactly(new AttachmentName("c1", "eth0"));
    }

    @Test
    void readsVlans() {
        assertThat(read("'vlan': 0, 'vlanTrunk': [], 'preserveDefaultVlan': true")
                        .vlans())
                .isEmpty();
        assertThat(read("'vlan': 5").vlans()).contains(new Vlans(OptionalInt.of(5), List.of(), false));
        NetworkConfiguration trunk =
                read("'vlan': 5, 'preserveDefaultVlan': true, 'vlanTrunk': [{'minID': 11, 'maxID': 20}, {'id': 7},"
                        + " {'id': 10, 'minID': 15, 'maxID': 22}]");
        assertThat(trunk.vlans().orElseThrow()).hasToString("vlan 5, vlanTrunk 7,10-22, preserveDefaultVlan true");
        assertThat(read("'vlanTrunk': [{'id': 7}]").vlans().orElseThrow()).hasToString("vlanTrunk 7");
    }

    /** A container goes whatever has come into the configuration since it came. */
    @Test
    void readsTheNameOfWhatItWouldRefuse() {
        assertThat(ConfigurationReader.of(json("'vlan': 7000, 'ipam': {'type': 'dhcp'}, 'runtimeConfig': []"))
                        .networkName())
                .isEqualTo("web");
    }

    @Test
    void takesEachFamilyFromTheFirstSourceThatHasIt() {
        NetworkConfiguration read =
                read("'runtimeConfig': {'ips': ['fd00:88::9']}", Map.of("CNI_ARGS", "IP=10.88.0.9,fd00:88::7"));
        assertThat(read.runtime().addresses()).containsExactly(address("fd00:88::9"), address("10.88.0.9"));
    }

    private static Optional<Set<AttachmentName>> attachments(String keys) {
        return ConfigurationReader.of(json("'x': 1" + keys)).attachments();
    }

    private static byte[] json(String keys) {
        return ("{" + HEAD + ", " + keys + "}").replace('\'', '"').getBytes(UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'ipMasq': 'yes'                                            | invalid ipMasq",
                "'mtu': 'big'                                               | invalid mtu",
                "'mtu': 1.5                                                 | invalid mtu 1.5",
                "'bridge': 'a b'                                            | bridge: invalid interface name",
                "'ingressPolicy': 'closed'                                  | invalid ingressPolicy \"closed\"",
                "'publishPolicy': 'closed'                                  | invalid publishPolicy \"closed\": want open, firewalled",
                "'ipam': []                                                 | invalid ipam []",
                "'ipam': {'type': 'jnet', 'subnet': '10.88.0.1/16'}         | invalid ipam.subnet 10.88.0.1/16: host bits",
                "'ipam': {'type': 'jnet', 'subnet': 'here'}                 | invalid ipam.subnet \"here\"",
                "'ipam': {'type': 'jnet', 'ranges': [[{}]]}                 | missing ipam.ranges[0][0].subnet",
                "'ipam': {'type': 'jnet', 'subnet': '10.88.0.0/16', 'gateway': '10.89.0.1'} | invalid ipam.gateway 10.89.0.1",
                "'ipam': {'type': 'jnet', 'subnet': '10.88.0.0/16', 'rangeStart': '10.88.0.9', 'rangeEnd': '10.88.0.8'} "
                        + "| invalid ipam.rangeStart 10.88.0.9",
                "'ipam': {'type': 'jnet', 'routes': [{'gw': '10.0.0.1'}]}   | missing ipam.routes[0].dst",
                "'ipam': {'type': 'jnet', 'routes': [{'dst': '::/0', 'gw': '10.0.0.1'}]} | invalid ipam.routes[0].gw",
                "'runtimeConfig': {'portMappings': [{'containerPort': 80}]} | invalid runtimeConfig.portMappings[0].hostPort (missing)",
                "'runtimeConfig': {'portMappings': [{'hostPort': 70000, 'containerPort': 80}]} "
                        + "| invalid runtimeConfig.portMappings[0].hostPort 70000",
                "'runtimeConfig': {'portMappings': [{'hostPort': 80, 'containerPort': 80, 'protocol': 'icmp'}]} "
                        + "| invalid runtimeConfig.portMappings[0].protocol \"icmp\"",
                "'runtimeConfig': {'ips': ['nowhere']}                      | invalid runtimeConfig.ips \"nowhere\"",
                "'runtimeConfig': {'mac': 'x'}                              | invalid runtimeConfig.mac \"x\"",
                "'ipam': {'subnet': '10.1.0.0/24'}                          | missing ipam.type",
                "'ipam': {'type': '../x'}                                   | invalid ipam.type \"../x\"",
                "'ipam': {'type': 'jnet', 'ranges': [[{'subnet': '10.1.0.0/24'}], [{'subnet': '10.1.0.0/16'}]]} "
                        + "| invalid ipam.ranges[1][0].subnet 10.1.0.0/16: it overlaps",
                "'ipam': {'type': 'jnet', 'ranges': [[{'subnet': '10.1.0.0/24', 'rangeEnd': '10.1.0.9'}, "
                        + "{'subnet': '10.1.0.0/24', 'rangeStart': '10.1.0.20'}]]} "
                        + "| invalid ipam.ranges[0][1].subnet 10.1.0.0/24: a subnet has one range here",
                "'ipam': {'type': 'jnet', 'ranges': [[{'subnet': '10.1.0.0/24'}, {'subnet': 'fd00::/64'}]]} "
                        + "| invalid ipam.ranges[0][1].subnet fd00::/64: the ranges of a set",
                "'ipam': {'type': 'jnet', 'routes': [{'dst': '10.0.0.0/8', 'table': -7}]} | invalid ipam.routes[0].table -7",
                "'hairpinMode': true, 'promiscMode': true                   | hairpinMode true and promiscMode true",
                "'disableContainerInterface': true                          | disableContainerInterface true",
                "'sysctl': {'kernel.hostname': 'x'}                         | invalid sysctl.kernel.hostname",
                "'sysctl': {'net/../kernel/hostname': 'x'}                  | invalid sysctl.net/../kernel/hostname",
                "'sysctl': {'net.ipv4.conf.IFNAME.log_martians': 1}         | invalid sysctl.net.ipv4.conf.IFNAME.log_martians 1",
                "'txQLen': -1                                               | invalid txQLen -1",
                "'vlan': -1                                                 | invalid vlan -1: want 0 to 4094",
                "'vlan': 4095                                               | invalid vlan 4095: want 0 to 4094",
                "'vlan': '5'                                                | invalid vlan ?5?: want a whole number",
                "'vlanTrunk': 7                                             | invalid vlanTrunk 7: want a list",
                "'vlanTrunk': [{}]                                          | invalid vlanTrunk[0] {}: want id, or both minID and maxID",
                "'vlanTrunk': [{'id': 0}]                                   | invalid vlanTrunk[0].id 0: want 1 to 4094",
                "'vlanTrunk': [{'id': 1}, {'minID': 5}]                     | invalid vlanTrunk[1] {?minID?:5}: want id, or both",
                "'vlanTrunk': [{'id': 1, 'maxID': 5}]                       | invalid vlanTrunk[0]",
                "'vlanTrunk': [{'minID': 5, 'maxID': 4}]                    | invalid vlanTrunk[0].maxID 4: want at least",
                "'vlanTrunk': [{'minID': 5, 'maxID': 4095}]                 | invalid vlanTrunk[0].maxID 4095: want 1 to 4094",
                "'preserveDefaultVlan': 1                                   | invalid preserveDefaultVlan 1: want true or false",
                "'runtimeConfig': {'bandwidth': 7}                          | invalid runtimeConfig.bandwidth 7: want an object",
                "'runtimeConfig': {'bandwidth': {'ingressRate': 999}}       | invalid runtimeConfig.bandwidth.ingressRate 999: want 1000 to",
                "'runtimeConfig': {'bandwidth': {'egressRate': -1}}         | invalid runtimeConfig.bandwidth.egressRate -1",
                "'runtimeConfig': {'bandwidth': {'egressRate': 1.5}}        | invalid runtimeConfig.bandwidth.egressRate 1.5",
                "'runtimeConfig': {'bandwidth': {'egressRate': 18446744073709551616}} "
                        + "| invalid runtimeConfig.bandwidth.egressRate 18446744073709551616",
                "'egressRate': 1000000000000001                             | invalid egressRate 1000000000000001",
                "'egressRate': '1M'                                         | invalid egressRate ?1M?: want a whole number",
                "'ingressRate': 1000, 'ingressBurst': 34359738361           | invalid ingressBurst 34359738361: want 1 to 34359738360",
                "'ingressRate': 1000, 'egressBurst': 8000                   | invalid egressBurst 8000: a burst goes with egressRate",
                "'runtimeConfig': {'bandwidth': {'ingressBurst': 8000}} "
                        + "| invalid runtimeConfig.bandwidth.ingressBurst 8000: a burst goes with runtimeConfig.bandwidth.ingressRate",
                "'ingressRate': 1, 'runtimeConfig': {'bandwidth': {'ingressRate': 8000}} | invalid ingressRate 1",
                "'runtimeConfig': {'aliases': 7}                            | invalid runtimeConfig.aliases 7: want a list",
                "'runtimeConfig': {'aliases': {'web': 'db'}}                | invalid runtimeConfig.aliases.web ?db?: want a list",
                "'resolver': true                                           | invalid resolver true: want an object",
                "'resolver': {'server': []}                                 | unknown resolver.server: known are enabled, domain",
                "'resolver': {'enabled': 1}                                 | invalid resolver.enabled 1: want true or false",
                "'resolver': {}                                             | resolver goes with isGateway and addresses",
                "'isGateway': true, 'ipam': {}, 'resolver': {}              | resolver goes with isGateway and addresses",
                "'isGateway': true, 'resolver': {'domain': 'a b'}           | invalid resolver.domain \"a b\": want labels",
                "'isGateway': true, 'resolver': {'domain': '10.0.0.1'}      | invalid resolver.domain \"10.0.0.1\": a name that ends",
                "'isGateway': true, 'resolver': {'servers': ['192.0.2.53', 'x']} | invalid resolver.servers[1] \"x\"",
                "'isGateway': true, 'resolver': {'servers': [53]}           | invalid resolver.servers[0] 53: want a string",
                "'isGateway': true, 'resolver': {'records': ['db.test']}    | invalid resolver.records[0] \"db.test\": want NAME=ADDRESS",
                "'resolver': {'enabled': false, 'domain': 'a.test'}         | invalid resolver: names are not answered",
            })
    void refusesWhatIsWrongWithKeyAndValue(String key, String message) {
        assertRefused(key, message, CniCode.INVALID_CONFIGURATION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'conditionsV4': ['-s', '10.0.0.0/8']",
                "'conditionsV6': ['!', '-s', 'fd00::/8']",
                "'externalSetMarkChain': 'KUBE-MARK-MASQ'"
            })
    void refusesRulesOfPortmapThatItWouldPassOver(String key) {
        String name = key.substring(1, key.indexOf('\'', 1));
        assertRefused(key, name + " is not supported: ", CniCode.UNSUPPORTED_FIELD);
        assertThat(read("'conditionsV4': [], 'conditionsV6': null, 'externalSetMarkChain': ''")
                        .name())
                .isEqualTo("web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"x\"", "{", "{'a': 1"})
    void refusesWhatIsNoObject(String text) {
        assertThatExceptionOfType(CniException.class)
                .isThrownBy(() -> ConfigurationReader.of(text.replace('\'', '"').getBytes(UTF_8))
                        .version())
                .extracting(CniException::code)
                .isEqualTo(CniCode.UNDECODABLE);
    }

    @Test
    void refusesVersionsThatItDoesNotSpeak() {
        assertThatExceptionOfType(CniException.class)
                .isThrownBy(() -> ConfigurationReader.of("{\"cniVersion\": \"9.9.9\"}".getBytes(UTF_8))
                        .version())
                .withMessageContaining("9.9.9")
                .extracting(CniException::code)
                .isEqualTo(CniCode.INCOMPATIBLE_VERSION);
    }

    private static void assertRefused(String key, String message, CniCode code) {
        assertThatExceptionOfType(CniException.class)
                .isThrownBy(() -> read(key))
                .withMessageStartingWith(message)
                .extracting(CniException::code)
                .isEqualTo(code);
    }

    private static NetworkConfiguration read(String keys) {
        return read(keys, Map.of());
    }

    private static NetworkConfiguration read(String keys, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "CNI_COMMAND", "ADD", "CNI_CONTAINERID", "c1", "CNI_NETNS", "/run/netns/c1", "CNI_IFNAME", "eth0"));
        environment.putAll(variables);
        String separator = keys.isBlank() ? "" : ", ";
        String text = ("{" + HEAD + separator + keys + "}").replace('\'', '"');
        return ConfigurationReader.of(text.getBytes(UTF_8)).read(CniEnvironment.of(environment));
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text);
    }
}
