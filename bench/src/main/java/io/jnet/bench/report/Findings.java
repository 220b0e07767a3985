package io.jnet.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What one section of the benchmarks found.
 *
 * @param tables the measurements
 * @param budgets what they mean for the promises
 */
public record Findings(List<ResultTable> tables, List<Budget> budgets) {
    public Findings {
        tables = List.copyOf(tables);
        budgets = List.copyOf(budgets);
    }

    /** These findings and others after them. */
    public Findings and(Findings others) {
        List<ResultTable> allTables = new ArrayList<>(tables);
        allTables.addAll(others.tables);
        List<Budget> allBudgets = new ArrayList<>(budgets);
        allBudgets.addAll(others.budgets);
        return new Findings(allTables, allBudgets);
    }
}
