package io.jnet.daemon.bundle;

import io.jnet.netlink.sysctl.SettingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The settings of the kernel that matter to jnet: those of the network namespace of the calling thread. */
final class SettingText {
    private static final Path SETTINGS = Path.of("/proc/sys");

    private static final List<String> OF_HOST = List.of(
            "net/ipv4/ip_forward",
            "net/ipv4/ip_local_port_range",
            "net/ipv4/ip_unprivileged_port_start",
            "net/ipv4/neigh/default/gc_thresh1",
            "net/ipv4/neigh/default/gc_thresh2",
            "net/ipv4/neigh/default/gc_thresh3",
            "net/ipv6/neigh/default/gc_thresh3",
            "net/bridge/bridge-nf-call-iptables",
            "net/bridge/bridge-nf-call-ip6tables",
            "net/netfilter/nf_conntrack_max",
            "net/netfilter/nf_conntrack_count",
            "net/netfilter/nf_conntrack_acct");

    private static final List<String> OF_LINKS_4 =
            List.of("forwarding", "rp_filter", "route_localnet", "accept_local", "arp_ignore", "proxy_arp");
    private static final List<String> OF_LINKS_6 =
            List.of("forwarding", "force_forwarding", "accept_ra", "disable_ipv6", "proxy_ndp");

    private SettingText() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        OF_HOST.forEach(key -> add(text, key));
        ofLinks(text, "net/ipv4/conf", OF_LINKS_4);
        ofLinks(text, "net/ipv6/conf", OF_LINKS_6);
        return text.toString();
    }

    private static void ofLinks(StringBuilder text, String folder, List<String> keys) {
        List<String> links = new ArrayList<>();
        try (Stream<Path> list = Files.list(SETTINGS.resolve(folder))) {
            list.map(path -> path.getFileName().toString()).sorted().forEach(links::add);
        } catch (IOException withoutFamily) {
            return;
        }
        links.forEach(link -> keys.forEach(key -> add(text, folder + "/" + link + "/" + key)));
    }

    private static void add(StringBuilder text, String key) {
        try {
            String value = SettingFile.read(SETTINGS.resolve(key));
            text.append(key).append(" = ").append(value).append('\n');
        } catch (IOException absent) {
            // A kernel without it has none.
        }
    }
}
