package io.jnet.daemon.ruleset;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one kind of network puts into the kernel.
 *
 * @param kind the kind
 * @param tables jnet's tables as nft lists them
 * @param iptables the rules that jnet has in iptables
 */
record RulesetDocument(NetworkKind kind, String tables, String iptables) {
    private static final String NOTE =
            """
            <!-- Written by GoldenRulesetKernelTest from what the kernel has. After a change of the rules run it with
                 -Dsurefire.jvm.args=-Djnet.golden=write and read the difference. -->
            """;

    private static final Pattern SEPARATOR = Pattern.compile(",\\s+");

    private static final Pattern SET =
            Pattern.compile("\\t(?:set|map) (\\w+) \\{\\n(?:(?!\\t}).*\\n)*?\\t\\telements = \\{ ([^}]*) }");

    /** The document of the kind. */
    String text() {
        return """
               %s

               # %s

               %s

               ```
               %s
               %s
               ```

               ## nftables

               ```nft
               %s```

               ## iptables and ip6tables

               Where the host has a `FORWARD` chain of iptables; here with the policy that Docker gives it.

               ```
               %s```
               """
                .formatted(
                        NOTE.stripTrailing(),
                        kind.file(),
                        kind.summary(),
                        commands(),
                        kind.request().container(),
                        tables,
                        iptables);
    }

    /** The document that compares the kinds: what each puts into the sets that the first does not, and the other way round. */
    static String index(List<RulesetDocument> documents) {
        Set<String> reference = documents.get(0).elements();
        String sections = documents.stream()
                .map(document -> document.section(reference, documents.get(0).kind()))
                .collect(Collectors.joining("\n"));
        return NOTE + INTRODUCTION + sections;
    }

    private static final String INTRODUCTION =
            """

            # Rulesets

            What jnet has in the kernel for each kind of network, whole, as the kernel shows it: one network, one container at 10.77.0.2 with
            one published port, one of a single host address, and a range. The chains are the same in all of them, and stay the same with a
            thousand networks: networks and ports are elements of sets and maps. So what tells one kind from another is which elements it
            has, and that is what stands below: `+` for what a kind has and `nat` has not, `-` the other way round.

            The chains are explained in the comments of `engine/src/main/java/io/jnet/engine/firewall/Ruleset.java` and `BridgeRuleset.java`.

            """;

    private String section(Set<String> reference, NetworkKind referenceKind) {
        StringBuilder text = new StringBuilder();
        text.append("## [%s](%s.md)\n\n%s\n\n```\n%s\n```\n\n"
                .formatted(kind.file(), kind.file(), kind.summary(), commands()));
        Set<String> own = elements();
        List<String> difference = new ArrayList<>();
        reference.stream().filter(one -> !own.contains(one)).forEach(one -> difference.add("- " + one));
        own.stream().filter(one -> !reference.contains(one)).forEach(one -> difference.add("+ " + one));
        if (kind.equals(referenceKind)) {
            own.forEach(one -> difference.add("  " + one));
        }
        return text.append(
                        difference.isEmpty()
                                ? "No element differs.\n"
                                : difference.stream().collect(Collectors.joining("\n", "```diff\n", "\n```\n")))
                .toString();
    }

    private String commands() {
        return Stream.concat(kind.before().stream(), Stream.of(kind.request().text()))
                .collect(Collectors.joining("\n"));
    }

    /** One line for each element of each set. */
    private Set<String> elements() {
        Set<String> elements = new LinkedHashSet<>();
        for (MatchResult set : SET.matcher(tables).results().toList()) {
            for (String element : SEPARATOR.split(set.group(2), -1)) {
                elements.add("%-26s %s".formatted(set.group(1), element));
            }
        }
        return elements;
    }
}
