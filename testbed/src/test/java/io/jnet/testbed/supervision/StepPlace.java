package io.jnet.testbed.supervision;

/** What a step changes, or whom it tells. */
enum StepPlace {
    /** The file of the state, and its way to the disk. */
    STORE,
    /** The kernel's network: links, addresses, rules, settings, ports, packets. */
    KERNEL,
    /** Names in a file system: sockets, locks, copies. */
    FILES,
    /** Who has asked. */
    ANSWER;

    /** The place of a step, by the name that {@code crash.c} gives it. */
    static StepPlace of(String step) {
        if (step.equals("answer")) {
            return ANSWER;
        }
        if (step.equals("flush") || step.startsWith("/var/lib/jnet/")) {
            return STORE;
        }
        if (step.startsWith("file ") || (step.startsWith("/") && !step.startsWith("/proc/sys/"))) {
            return FILES;
        }
        return KERNEL;
    }
}
