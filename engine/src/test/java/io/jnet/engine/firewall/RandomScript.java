package io.jnet.engine.firewall;

import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Scripts of which many lines make sense, and many names do not. */
final class RandomScript {
    private static final int MOST_LINES = 40;
    private static final List<String> NAMES = List.of(
            "jbr-0123456789a",
            "drop",
            "accept",
            "goto",
            "table",
            "lo",
            "jv*",
            "from_drop",
            "network",
            "networks",
            "structure",
            "-",
            "--",
            "a-b",
            "1",
            "0x10",
            "10.0.0.1",
            "inet",
            "@set",
            "a\"b",
            "a\\nflush ruleset",
            "a;drop",
            "a{b}",
            "a}b",
            "a#b",
            "$x",
            "a\\",
            "..",
            "",
            "elements",
            "x.y_z-1",
            "verdict",
            "counter",
            "éèê");
    private static final List<String> MACS = List.of("02:42:0a:4d:00:01", "02:00:00:00:00:00", "", "02:42", "drop");
    private static final List<String> FAMILIES = List.of("4", "6");
    private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP", "tcp", "drop");
    private static final List<String> MODES = List.of("NAT", "ROUTED", "NAT_UNPROTECTED", "ISOLATED", "drop");

    private final Random random;

    private RandomScript(Random random) {
        this.random = random;
    }

    static String of(Random random) {
        RandomScript script = new RandomScript(random);
        StringJoiner lines = new StringJoiner("\n");
        int count = random.nextInt(MOST_LINES);
        for (int i = 0; i < count; i++) {
            lines.add(script.line());
        }
        return lines.toString();
    }

    private String line() {
        return switch (random.nextInt(8)) {
            case 0 -> join("owner", one(NAMES) + random.nextInt());
            case 1 -> publication();
            case 2 -> join("open", one(PROTOCOLS), address(random.nextBoolean()), port(), port());
            case 3 -> join("target", address(random.nextBoolean()) + "/" + (8 + random.nextInt(17)));
            case 4 -> join("port", name(), one(MACS), address(false), address(true), mask());
            case 5 -> join("uplink", name());
            case 6 -> join("guard", one(FAMILIES), name(), name());
            default -> network();
        };
    }

    private String network() {
        int ipv4 = random.nextInt(250);
        int ipv6 = random.nextInt(250);
        String source = random.nextInt(4) == 0 ? address(false) : "";
        return join(
                "network",
                name(),
                "10.%d.0.0/%d".formatted(ipv4, 16 + random.nextInt(15)),
                "10.%d.0.1".formatted(ipv4),
                random.nextBoolean() ? "fd00:%x::/%d".formatted(ipv6, 32 + random.nextInt(90)) : "",
                "fd00:%x::1".formatted(ipv6),
                mask(),
                one(MODES),
                source,
                random.nextBoolean() ? name() : "",
                one(MACS));
    }

    private String publication() {
        boolean ipv6 = random.nextBoolean();
        int first = 1 + random.nextInt(60_000);
        int last = random.nextBoolean() ? first : first + random.nextInt(5_000);
        String host = random.nextBoolean() ? (ipv6 ? "::" : "0.0.0.0") : address(ipv6);
        return join(
                "publish",
                one(PROTOCOLS),
                host,
                Integer.toString(first),
                Integer.toString(last),
                address(ipv6),
                last > first ? Integer.toString(first) : port());
    }

    private String name() {
        return random.nextInt(3) == 0 ? one(NAMES) : "n" + random.nextInt(1000);
    }

    private String address(boolean ipv6) {
        return ipv6
                ? "fd00:%x::%x".formatted(random.nextInt(0x10000), random.nextInt(0x10000))
                : "10.%d.%d.%d".formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }

    private String port() {
        return Integer.toString(random.nextInt(65_600));
    }

    private String mask() {
        return Integer.toString(random.nextInt(1024));
    }

    private String one(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static String join(String... parts) {
        return String.join("|", parts);
    }
}
