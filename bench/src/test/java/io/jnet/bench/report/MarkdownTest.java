package io.jnet.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.bench.measure.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkdownTest {
    @Test
    void aTableHasMedianSpreadAndNumber() {
        ResultTable table = new ResultTable(
                "Runs", "ms", List.of(new ResultTable.Row("jnet", new Samples(List.of(101.4, 0.256, 12.34)))));
        assertThat(Markdown.of(table))
                .contains("## Runs", "median, ms")
                .containsPattern("\\| jnet +\\| +12\\.3 \\| +0\\.26 - 101 \\| +3 \\|");
    }

    @Test
    void aBudgetSaysWhetherItIsMet() {
        Findings findings = new Findings(
                List.of(),
                List.of(
                        new Budget("start", 320, 500, "ms"),
                        new Budget("memory", 100.001, 100, "MB"),
                        new Budget("port", -20, -2, "ms")));
        assertThat(Markdown.of(Map.of("kernel", "6.18"), findings))
                .contains(
                        "- kernel: 6.18",
                        "- start: 320.00 ms, at most 500.00 ms: met",
                        "- memory: 100.00 MB, at most 100.00 MB: NOT MET",
                        "- port: -20.00 ms, at most -2.00 ms: cannot be told, the machine is too noisy");
    }
}
