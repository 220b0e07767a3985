package io.jnet.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of {@code docs/metrics.md} and the dashboard, against the metrics that there are. After a change of the metrics: run with
 * {@code -Dsurefire.jvm.args=-Djnet.golden=write}, read the difference, commit it.
 */
class MetricsDocumentTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Path DASHBOARD = Path.of("src", "main", "distribution", "share", "grafana-dashboard.json");
    private static final String HEAD = "| metric | kind | labels | what it says |\n|---|---|---|---|\n";
    private static final Pattern NAME = Pattern.compile("jnet_[a-z_]+");
    private static final Pattern LABELS = Pattern.compile("\\bby \\(([a-z_, ]+)\\)");

    @Test
    void theDocumentationHasEachMetric() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(HEAD);
        assertThat(begin).as("the table's head in " + PAGE).isPositive();
        int end = page.indexOf("\n\n", begin) + 1;
        if ("write".equals(System.getProperty("jnet.golden"))) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
        }

        assertThat(Files.readString(PAGE)).contains("\n" + table() + "\n");
    }

    @Test
    void theDashboardAsksForMetricsThatThereAre() throws IOException {
        Set<String> there = Arrays.stream(Metric.values())
                .flatMap(metric -> seriesOf(metric).stream())
                .collect(Collectors.toSet());

        Set<String> asked = expressions().stream()
                .flatMap(expression -> NAME.matcher(expression).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).hasSizeGreaterThan(10).isSubsetOf(there);
    }

    @Test
    void theDashboardGroupsByLabelsThatThereAre() throws IOException {
        Set<String> labels = Arrays.stream(Metric.values())
                .flatMap(metric -> metric.labels().stream())
                .collect(Collectors.toSet());
        labels.add("le");

        Set<String> asked = expressions().stream()
                .flatMap(expression -> LABELS.matcher(expression).results())
                .flatMap(grouping -> Arrays.stream(grouping.group(1).split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).isNotEmpty().isSubsetOf(labels);
    }

    private static List<String> expressions() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(DASHBOARD));
        List<String> expressions = dashboard.findValuesAsString("expr");
        assertThat(expressions).as("queries").hasSizeGreaterThan(10);
        assertThat(dashboard.path("templating").findValuesAsString("definition"))
                .allMatch(definition -> definition.contains("jnet_"));
        return java.util.stream.Stream.concat(
                        expressions.stream(), dashboard.path("templating").findValuesAsString("definition").stream())
                .toList();
    }

    private static Set<String> seriesOf(Metric metric) {
        return metric.kind() == Metric.Kind.HISTOGRAM
                ? Set.of(metric.text() + "_bucket", metric.text() + "_count", metric.text() + "_sum")
                : Set.of(metric.text());
    }

    private static String table() {
        StringBuilder table = new StringBuilder(HEAD);
        for (Metric metric : Metric.values()) {
            table.append("| `%s` | %s | %s | %s |%n"
                    .formatted(
                            metric.text(),
                            metric.kind().name().toLowerCase(Locale.ROOT),
                            metric.labels().stream()
                                    .map(label -> "`" + label + "`")
                                    .collect(Collectors.joining(", ")),
                            metric.help()));
        }
        return table.toString();
    }
}
