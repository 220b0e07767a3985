package io.jnet.bench.address;

import io.jnet.bench.Workbench;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The reference plugin host-local with a folder of its own: a process for each address, a file for each lease. */
final class HostLocal {
    private static final Path PLUGIN = Path.of("/usr/lib/cni/host-local");
    private static final int BYTE = 256;

    private final Path folder;
    private final String configuration;

    private HostLocal(Path folder, String configuration) {
        this.folder = folder;
        this.configuration = configuration;
    }

    static HostLocal filled(Workbench bench, String subnet, int addresses) {
        Path folder = bench.folder().resolve("host-local-" + addresses);
        String configuration =
                """
                {"cniVersion":"1.0.0","name":"bench","type":"bridge",
                 "ipam":{"type":"host-local","dataDir":"%s","ranges":[[{"subnet":"%s"}]]}}"""
                        .formatted(folder, subnet);
        String network = subnet.substring(0, subnet.indexOf(".0.0/") + 1);
        Path leases = folder.resolve("bench");
        try {
            Files.createDirectories(leases);
            // As the plugin writes them: the container's id, the interface. 0.1 is the gateway.
            for (int i = 2; i < 2 + addresses; i++) {
                Files.writeString(leases.resolve(network + i / BYTE + "." + i % BYTE), "container-" + i + "\r\neth0");
            }
            int last = 1 + addresses;
            Files.writeString(leases.resolve("last_reserved_ip.0"), network + last / BYTE + "." + last % BYTE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new HostLocal(folder, configuration);
    }

    void add() {
        run("ADD");
    }

    void delete() {
        run("DEL");
    }

    void remove() {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String command) {
        ProcessBuilder plugin = new ProcessBuilder(List.of(PLUGIN.toString())).redirectErrorStream(true);
        plugin.environment()
                .putAll(Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_CONTAINERID",
                        "measured",
                        "CNI_IFNAME",
                        "eth0",
                        "CNI_NETNS",
                        "/proc/self/ns/net",
                        "CNI_PATH",
                        PLUGIN.getParent().toString()));
        try {
            Process process = plugin.start();
            process.getOutputStream().write(configuration.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("host-local: " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
