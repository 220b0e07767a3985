package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What holds of the text for nft, whatever it is made for. A name from outside stands in quotes, or behind {@code from_}, and nowhere else:
 * the same state with other names is the same text but there. What is no name is a number, an address, or a word that is in the text for a
 * host without anything as well.
 */
final class RulesetTextContract {
    private static final List<TableText> TABLES = List.of(
            Ruleset.TABLE,
            BridgeRuleset.TABLE,
            Ruleset.TABLE.with(NeighbourTarget.NAME),
            BridgeRuleset.TABLE.with(NeighbourTarget.NAME));
    private static final Pattern COMMENT = Pattern.compile("\"[A-Za-z0-9 ._:=/,-]{1,100} structure=[0-9a-f]{8}\"");
    /** Numbers, ranges of them, addresses, prefixes, link-layer addresses. */
    private static final Pattern VALUE = Pattern.compile(
            "[0-9]+(-[0-9]+)?|(0x)?[0-9a-f]+"
                    + "|([0-9]{1,3}\\.){3}[0-9]{1,3}(/[0-9]{1,2})?|[0-9a-f:]*:[0-9a-f:.]*(/[0-9]{1,3})?|([0-9a-f]{2}:){5}[0-9a-f]{2}");
    /** Words, what is in quotes, and every other character for itself. */
    private static final Pattern TOKEN = Pattern.compile("\"[^\"\\n]*\"|[A-Za-z0-9_.:/@-]+|\\S");

    private static final Pattern NAME = Pattern.compile(
            "\"([A-Za-z0-9_.-]{1,15})\"|(?<![A-Za-z0-9_.-])from_([A-Za-z0-9_.-]{1,15})(?![A-Za-z0-9_.-])");
    /** What stands in elements and in networks' chains, which a host without anything has not. */
    private static final Set<String> WORDS = Set.of(
            "elements",
            "add",
            "delete",
            "flush",
            "element",
            "goto",
            "saddr",
            "raw_internal4",
            "raw_internal6",
            "map",
            "nfproto");

    private RulesetTextContract() {}

    static void check(String script) {
        Map<String, String> names = new LinkedHashMap<>();
        FirewallState state = RulesetScript.read(script, UnaryOperator.identity());
        FirewallState renamed = RulesetScript.read(
                script, name -> names.computeIfAbsent(name, unknown -> "zz%05d".formatted(names.size())));
        for (TableText table : TABLES) {
            Set<String> known = known(table);
            Set<String> fixed = table.chains().lines().map(String::strip).collect(Collectors.toSet());
            List<String> texts = texts(table, state);
            List<String> others = texts(table, renamed);
            assertThat(state.networks())
                    .as("no network makes another chain its own, in\n%s", script)
                    .noneMatch(network -> Ruleset.TABLE.chainNames().contains(NetworkChain.name(network.bridge())));
            for (int i = 0; i < texts.size(); i++) {
                checkTokens(texts.get(i), known);
                checkTokens(others.get(i), known);
                assertThat(sorted(withNames(texts.get(i), names, fixed)))
                        .as("names stand where names may stand, in\n%s", script)
                        .isEqualTo(sorted(others.get(i)));
            }
        }
    }

    /** Every text that the table is changed by. */
    static List<String> texts(TableText table, FirewallState state) {
        Stream<String> networks = state.networks().stream()
                .flatMap(network -> Stream.of(table.addNetwork(network), table.removeNetwork(network)))
                .flatMap(Optional::stream);
        return Stream.concat(
                        Stream.of(
                                table.whole(state),
                                table.withoutChains(state),
                                table.rules(state, Set.of("from_gone")),
                                table.uninstall()),
                        networks)
                .toList();
    }

    private static void checkTokens(String text, Set<String> known) {
        TOKEN.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(token -> !known.contains(token) && !isValue(token))
                .findFirst()
                .ifPresent(token -> {
                    throw new AssertionError("token <%s> in\n%s".formatted(token, text));
                });
    }

    private static boolean isValue(String token) {
        return VALUE.matcher(token).matches()
                || COMMENT.matcher(token).matches()
                || token.matches("\"[A-Za-z0-9_.-]{1,15}\"")
                || token.matches("from_[A-Za-z0-9_.-]{1,15}");
    }

    private static Set<String> known(TableText table) {
        FirewallState nothing = new FirewallState("x", List.of(), List.of(), Surroundings.NONE);
        return Stream.concat(
                        WORDS.stream(),
                        texts(table, nothing).stream()
                                .flatMap(text -> TOKEN.matcher(text).results())
                                .map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The text with other names in the places of names, but in the lines that every host has: {@code lo} is there. */
    private static String withNames(String text, Map<String, String> names, Set<String> fixed) {
        return text.lines()
                .map(line -> fixed.contains(line.strip()) ? line : withNames(line, names))
                .collect(Collectors.joining("\n"));
    }

    private static String withNames(String line, Map<String, String> names) {
        return NAME.matcher(line).replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            String other = names.getOrDefault(name, name);
            return found.group(1) == null ? "from_" + other : "\"" + other + "\"";
        });
    }

    /** Sets have no order, and names decide it. */
    private static List<String> sorted(String text) {
        return text.lines()
                .map(line -> line.strip().replaceFirst("^elements = \\{ |,$| \\}$", ""))
                .map(line -> line.replaceAll(",$| \\}$", ""))
                .sorted()
                .toList();
    }
}
