package io.jnet.daemon.command;

import io.jnet.engine.failure.EngineException;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code jnet daemon} that say where address pools are chosen from. */
final class PoolOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--ipam-pool",
            paramLabel = "CIDR:LENGTH",
            description =
                    "Where address pools are chosen from, and their prefix length; may be given several times "
                            + "(default: 172.16.0.0/12:24 without 172.17.0.0/16, 192.168.0.0/16:24, 10.0.0.0/8:24; a random /48:64).")
    private List<String> sources = List.of();

    @Option(
            names = "--ipam-exclude",
            paramLabel = "CIDR",
            description = "What no chosen address pool overlaps; may be given several times.")
    private List<String> excluded = List.of();

    /**
     * @throws ParameterException for a value that is no such range
     */
    PoolSettings settings() {
        List<PoolSettings.Source> given = sources.stream().map(this::source).toList();
        List<IpPrefix> added = excluded.stream().map(this::range).toList();
        // Of IPv6 there is a default too, but none that is the same on every host.
        if (given.stream().anyMatch(source -> source.prefix().family() == AddressFamily.INET)) {
            return new PoolSettings(given, added);
        }
        PoolSettings defaults = PoolSettings.DEFAULT;
        return new PoolSettings(joined(defaults.sources(), given), joined(defaults.excluded(), added));
    }

    private static <T> List<T> joined(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private PoolSettings.Source source(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("[1-9][0-9]{0,2}")) {
            throw wrong("--ipam-pool", text, "want a range and a prefix length like 10.0.0.0/8:24");
        }
        try {
            return new PoolSettings.Source(
                    IpPrefix.parse(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException | EngineException invalid) {
            throw wrong("--ipam-pool", text, invalid.getMessage());
        }
    }

    private IpPrefix range(String text) {
        try {
            return IpPrefix.parse(text).network();
        } catch (IllegalArgumentException invalid) {
            throw wrong("--ipam-exclude", text, invalid.getMessage());
        }
    }

    private ParameterException wrong(String option, String value, String reason) {
        return new ParameterException(
                command.commandLine(), "Invalid value for option '" + option + "': \"" + value + "\": " + reason);
    }
}
