package io.jnet.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * The measurements of one case, in the order in which they were taken; at least one.
 *
 * @param values in the unit of the table that they are in
 */
public record Samples(List<Double> values) {
    public Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no measurements");
        }
    }

    /** One measurement alone. */
    public static Samples of(double value) {
        return new Samples(List.of(value));
    }

    /** The middle one; between the two middle ones when their number is even. */
    public double median() {
        return quantile(0.5);
    }

    /** The smallest. */
    public double min() {
        return quantile(0);
    }

    /** The largest. */
    public double max() {
        return quantile(1);
    }

    /**
     * The value below which this part of the measurements lies, interpolated linearly between neighbours.
     *
     * @param part from 0 to 1
     */
    public double quantile(double part) {
        List<Double> sorted = values.stream().sorted().toList();
        double position = part * (sorted.size() - 1);
        int below = (int) Math.floor(position);
        int above = (int) Math.ceil(position);
        return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
    }

    /**
     * What this case takes more than the other one, round by round: what changes slowly on the machine falls out.
     *
     * @throws IllegalArgumentException when the two were not measured in the same rounds
     */
    public Samples minus(Samples other) {
        if (values.size() != other.values.size()) {
            throw new IllegalArgumentException("%d rounds against %d".formatted(values.size(), other.values.size()));
        }
        List<Double> differences = new ArrayList<>();
        for (int round = 0; round < values.size(); round++) {
            differences.add(values.get(round) - other.values.get(round));
        }
        return new Samples(differences);
    }
}
