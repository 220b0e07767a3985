package io.jnet.testbed.supervision;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a step changes, or whom it tells. */
enum StepPlace {
    /** The file of the state and its way to the disk, and names in a file system: locks, sockets, copies. */
    STORE,
    /** The kernel's network: links, addresses, rules, settings, ports, packets. */
    KERNEL,
    /** Who has asked. */
    ANSWER;

    /** The place of a step, by its name. */
    static StepPlace of(String step) {
        if (step.equals("answer")) {
            return ANSWER;
        }
        boolean named = step.startsWith("/") && !step.startsWith("/proc/sys/");
        return named || step.equals("flush") || step.equals("file") ? STORE : KERNEL;
    }

    /**
     * The first of some steps, and those that come after one at another place, counted from 1: who dies before each of these dies at every boundary
     * between the store, the kernel and answers.
     */
    static Set<Integer> boundaries(List<String> steps) {
        List<StepPlace> places = steps.stream().map(StepPlace::of).toList();
        return IntStream.range(0, places.size())
                .filter(index -> index == 0 || places.get(index) != places.get(index - 1))
                .mapToObj(index -> index + 1)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
