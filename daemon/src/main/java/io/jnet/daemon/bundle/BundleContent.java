package io.jnet.daemon.bundle;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.PoolView;
import io.jnet.daemon.control.PortView;
import io.jnet.daemon.doctor.Checks;
import io.jnet.daemon.doctor.HostView;
import io.jnet.daemon.doctor.Report;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.OutputOption;
import io.jnet.netlink.sysctl.SettingFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * What is in a bundle. What the daemon says is written anew from what this version knows of it: what another version adds does not get in unseen. A part that
 * cannot be had is a line that says why.
 */
public final class BundleContent {
    private static final int LOG_LINES = 1000;
    private static final long LARGEST_LOG = 8 * 1024 * 1024;

    private static final String README =
            """
            What this host's jnet looked like, for whoever looks for a fault. Made by "jnet debug bundle".

            Here: what the daemon says of itself, its networks, endpoints, ports and address pools; what "jnet doctor" finds; the
            rules of nftables, those of others too; links, addresses, routes and neighbours; settings of the kernel; versions%s.

            Not here: environment variables, labels, images and commands of containers, whatever options their networks were made with beyond
            those that "jnet network inspect" shows, other links' aliases, processes, and files of the host.

            Addresses, MAC addresses, names of networks and interfaces, and comments in rules are as they are: read them before you
            give this to somebody who is not to know them.
            """;

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private BundleContent() {}

    /**
     * Collects it from the network namespace of the calling thread.
     *
     * @param socket the daemon's
     * @param version jnet's
     * @param log a file that the daemon's log goes to, of which the last lines are taken
     */
    public static Map<String, byte[]> collect(Path socket, String version, Optional<Path> log) {
        BundleContent content = new BundleContent();
        DaemonSays daemon = DaemonSays.ask(socket);
        content.text("README.txt", () -> README.formatted(log.isPresent() ? "; the last lines of a log" : ""));
        content.text("versions.txt", () -> versions(version));
        if (daemon.isKnown()) {
            content.json("status.json", daemon.status()::orElseThrow);
            content.json("networks.json", daemon::networks);
            content.json("endpoints.json", daemon::endpoints);
            content.json("ports.json", () -> ports(socket));
            content.json("pools.json", () -> pools(socket));
        } else {
            content.text("daemon.txt", () -> daemon.problem() + "\n");
        }
        // One that answers is asked again, for what is so after the links were listed.
        content.json("doctor.json", () -> findings(() -> daemon.isKnown() ? DaemonSays.ask(socket) : daemon));
        content.text("ruleset.txt", BundleContent::ruleset);
        content.text("links.txt", HostText::links);
        content.text("addresses.txt", HostText::addresses);
        content.text("routes.txt", HostText::routes);
        content.text("neighbours.txt", HostText::neighbours);
        content.text("settings.txt", SettingText::text);
        log.ifPresent(file -> content.text("log.txt", () -> lastLines(file)));
        return content.files;
    }

    private void json(String name, Callable<Object> source) {
        add(name, () -> ControlJson.write(source.call()));
    }

    private void text(String name, Callable<String> source) {
        add(name, () -> source.call().getBytes(StandardCharsets.UTF_8));
    }

    private void add(String name, Callable<byte[]> source) {
        byte[] content;
        try {
            content = source.call();
        } catch (Exception failure) {
            content = ("cannot be had: " + failure.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        }
        files.put(name, content);
    }

    private static List<PoolView> pools(Path socket) {
        return List.of(new ControlClient(socket, DaemonSays.PATIENCE).get(PoolView[].class, "ipam", "pools"));
    }

    private static List<PortView> ports(Path socket) {
        return List.of(new ControlClient(socket, DaemonSays.PATIENCE).get(PortView[].class, "ports", "traffic"));
    }

    private static Report findings(Supplier<DaemonSays> daemon) {
        try (HostView host = HostView.open(daemon)) {
            return Report.of(Checks.run(host));
        }
    }

    private static String ruleset() {
        try (Nftables nftables = Nftables.open()) {
            return nftables.query("list the ruleset", "list ruleset", OutputOption.HANDLE);
        }
    }

    private static String versions(String version) throws IOException {
        return """
               jnet %s
               Java %s, %s
               Linux %s, %s
               %s
               """
                .formatted(
                        version,
                        Runtime.version(),
                        System.getProperty("java.vendor"),
                        SettingFile.read(Path.of("/proc/sys/kernel/osrelease")),
                        System.getProperty("os.arch"),
                        distribution());
    }

    private static String distribution() {
        try {
            return Files.readAllLines(Path.of("/etc/os-release")).stream()
                    .filter(line -> line.startsWith("PRETTY_NAME="))
                    .findFirst()
                    .orElse("");
        } catch (IOException unknown) {
            return "";
        }
    }

    /**
     * Refuses a log that cannot be had: who is given the archive could not do so any more.
     *
     * @throws ClientException that says why
     */
    public static void requireLog(Path file) {
        if (!Files.isReadable(file)) {
            throw ClientException.of("cannot read the log " + file + ": "
                    + (Files.exists(file) ? "permission denied" : "there is no such file"));
        }
        if (!Files.isRegularFile(file) || file.toFile().length() > LARGEST_LOG) {
            throw ClientException.of("cannot take the log " + file
                    + ": it is no file, or larger than 8 MB; give one with its last lines");
        }
    }

    private static String lastLines(Path file) throws IOException {
        requireLog(file);
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())) + "\n";
    }
}
