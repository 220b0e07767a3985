package io.jnet.testbed.docker;

import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** jnet as a managed plugin of an engine, made of what {@code daemon/managed-plugin} leaves. */
public final class ManagedPlugin {
    /** What users call it. */
    public static final String NAME = "jnet:latest";

    private static final String DEBIAN = "jnet-testbed/debian:12";
    private static final Path COMMAND = Path.of("../daemon/managed-plugin");

    private final DockerEngine engine;
    private final Path folder;

    private ManagedPlugin(DockerEngine engine, Path folder) {
        this.engine = engine;
        this.folder = folder;
    }

    /**
     * Makes the plugin's folder, as a user does.
     *
     * @param folder does not exist yet
     */
    public static void build(Path folder) {
        try {
            Images.execute(List.of(COMMAND.toAbsolutePath().normalize().toString(), folder.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("make the plugin in " + folder, e);
        }
    }

    /**
     * Makes the plugin's folder by the {@code Dockerfile}, as its first lines say, on a Debian that this makes first: no registry is at hand.
     *
     * @param folder does not exist yet
     */
    public static void buildInDocker(DockerEngine engine, Path folder) {
        Path debian = folder.resolveSibling("debian");
        Path root = folder.resolve("rootfs");
        try {
            Images.execute(List.of(
                    "debootstrap",
                    "--variant=minbase",
                    "--include=openjdk-17-jdk-headless,libnftables1,iptables",
                    "bookworm",
                    debian.toString()));
            engine.machine().shell("tar --create --directory " + debian + " . | docker import - " + DEBIAN);
            engine.docker(
                            "build",
                            "--build-arg",
                            "BASE=" + DEBIAN,
                            "--tag",
                            "jnet-plugin",
                            Path.of("..").toAbsolutePath().normalize().toString())
                    .orThrow();
            Files.createDirectories(root);
            Files.copy(Path.of("../plugin-config.json"), folder.resolve("config.json"));
            engine.machine()
                    .shell(
                            "container=$(docker create jnet-plugin); docker export \"$container\" | tar --extract --directory "
                                    + root + "; docker rm \"$container\"");
        } catch (IOException e) {
            throw new UncheckedIOException("make the plugin in " + folder, e);
        } finally {
            Folders.delete(debian);
        }
    }

    /** The plugin that a folder makes; not installed yet. */
    public static ManagedPlugin of(DockerEngine engine, Path folder) {
        return new ManagedPlugin(engine, folder);
    }

    /** The same files with another configuration. */
    public ManagedPlugin withConfiguration(Path variant, String configuration) {
        try {
            Files.createDirectories(variant);
            // The files themselves are the same: Docker only reads them.
            Images.execute(List.of(
                    "cp", "--archive", "--link", folder.resolve("rootfs").toString(), variant.toString()));
            Files.writeString(variant.resolve("config.json"), configuration);
        } catch (IOException e) {
            Folders.delete(variant);
            throw new UncheckedIOException("make a variant in " + variant, e);
        }
        return new ManagedPlugin(engine, variant);
    }

    /** The files of jnet and its Java, and of the libraries, by their paths: not what Docker adds. */
    public List<String> files() {
        Path root = folder.resolve("rootfs");
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.map(path -> root.relativize(path).toString())
                    .filter(path -> path.matches("(jnet/|usr/|etc/protocols).*") && !path.contains("/legal/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list " + root, e);
        }
    }

    /** The configuration, as JSON. */
    public String configuration() {
        try {
            return Files.readString(folder.resolve("config.json"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("read the configuration of " + folder, e);
        }
    }

    /** Makes the folder of the state, and has Docker take the plugin. */
    public void create() {
        engine.machine().shell("mkdir -p /var/lib/jnet");
        plugin("create", NAME, folder.toString()).orThrow();
    }

    /** Has Docker start it. */
    public CommandResult enable() {
        return plugin("enable", NAME);
    }

    /** Has Docker stop it, although networks use it. */
    public void disable() {
        plugin("disable", "--force", NAME).orThrow();
    }

    /** The same where it may be stopped already: its control group, which lies outside of the machine's, goes with it. */
    public void close() {
        plugin("disable", "--force", NAME);
    }

    /** Changes settings while it is disabled: {@code JNET_LOG_LEVEL=debug}. */
    public void set(String... settings) {
        List<String> arguments = new ArrayList<>(List.of("set", NAME));
        arguments.addAll(List.of(settings));
        plugin(arguments.toArray(String[]::new)).orThrow();
    }

    /** Has Docker forget it. */
    public void remove() {
        plugin("rm", "--force", NAME).orThrow();
    }

    /** A command of {@code jnet} that asks the plugin's daemon. */
    public CommandResult ask(Path launcher, String... arguments) {
        String id = plugin("inspect", "--format", "{{.Id}}", NAME).orThrow().text();
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--socket", "/run/docker/plugins/" + id + "/control.sock"));
        return engine.machine().run(command);
    }

    /** The same by the plugin's own Java, as docs/plugin.md says, on a host without a distribution of jnet. */
    public CommandResult askWithin(String arguments) {
        return engine.machine()
                .run(
                        "sh",
                        "-c",
                        "nsenter --target \"$(pgrep -of -- --managed-plugin)\" --mount --pid --root --wd /jnet/runtime/bin/java "
                                + "@lib/java.options @lib/plugin.options io.jnet.daemon.Main " + arguments
                                + " --socket /run/docker/plugins/control.sock");
    }

    private CommandResult plugin(String... arguments) {
        List<String> command = new ArrayList<>(List.of("plugin"));
        command.addAll(List.of(arguments));
        return engine.docker(command);
    }
}
