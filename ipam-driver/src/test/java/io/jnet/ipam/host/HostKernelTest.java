package io.jnet.ipam.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.ipam.reclaim.NamespaceUse;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel says of ranges and addresses in use. */
@KernelTest
class HostKernelTest {
    @TempDir
    private Path folder;

    @Test
    void knows_routes_of_all_tables_addresses_and_name_servers() throws IOException {
        Path resolver = folder.resolve("resolv.conf");
        Files.writeString(
                resolver,
                """
                # nameserver 192.0.2.99
                nameserver 192.0.2.53
                nameserver   fe80::1%eth0
                nameserver none
                search example.org
                """);
        KernelHostRanges host = new KernelHostRanges(resolver);
        assertThat(host.known()).doesNotContain(IpPrefix.parse("10.9.0.0/16"));
        Commands.run("ip", "route", "add", "unreachable", "10.9.0.0/16", "table", "77");
        Commands.run("ip", "route", "add", "unreachable", "0.0.0.0/1");
        Commands.run("ip", "-6", "route", "add", "unreachable", "fd00:9::/64");
        Commands.run("ip", "address", "add", "10.8.0.1/24", "dev", "lo");
        assertThat(host.known())
                .contains(
                        IpPrefix.parse("10.9.0.0/16"),
                        IpPrefix.parse("fd00:9::/64"),
                        IpPrefix.parse("10.8.0.0/24"),
                        IpPrefix.parse("192.0.2.53/32"),
                        IpPrefix.parse("fe80::1/128"))
                .doesNotContain(IpPrefix.parse("0.0.0.0/1"), IpPrefix.parse("::/0"), IpPrefix.parse("192.0.2.99/32"));
        assertThat(host.directHalves()).isEmpty();
        Commands.run("ip", "route", "add", "128.0.0.0/1", "dev", "lo");
        assertThat(host.directHalves()).containsExactly(IpPrefix.parse("128.0.0.0/1"));
        assertThat(host.known()).doesNotContain(IpPrefix.parse("128.0.0.0/1"));
        Commands.run("ip", "route", "del", "128.0.0.0/1", "dev", "lo");
        Commands.run("ip", "address", "del", "10.8.0.1/24", "dev", "lo");
    }

    @Test
    void a_host_without_a_resolver_file_has_no_name_servers() {
        assertThat(new KernelHostRanges(folder.resolve("none")).known()).isNotEmpty();
    }

    @Test
    void sees_the_addresses_of_each_namespace_as_long_as_it_lives() throws Exception {
        IpAddress address = IpAddress.parse("10.8.0.77");
        KernelAddressUse host = new KernelAddressUse();
        assertThat(host.namespaces().values()).noneMatch(use -> use.addresses().contains(address));
        Process container = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        "ip link add jvtest type veth && ip address add 10.8.0.77/24 dev jvtest && echo ready && exec sleep 60")
                .start();
        try {
            assertThat(container.getInputStream().read()).as("ready").isEqualTo('r');
            Map<String, NamespaceUse> seen = host.namespaces();
            assertThat(seen.values()).anyMatch(use -> use.addresses().contains(address) && use.connected());
            assertThat(seen.keySet()).allMatch(name -> name.matches("net:\\[[0-9]+]"));
        } finally {
            container.destroyForcibly().waitFor();
        }
        assertThat(host.namespaces().values()).noneMatch(use -> use.addresses().contains(address));
    }

    @Test
    void tells_when_a_link_goes() throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        try (LinkEvents events = LinkEvents.listen(gone::countDown)) {
            assertThat(events).isNotNull();
            Commands.run("ip", "link", "add", "jvtest", "type", "veth");
            assertThat(gone.getCount()).isEqualTo(1);
            Commands.run("ip", "link", "del", "jvtest");
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
