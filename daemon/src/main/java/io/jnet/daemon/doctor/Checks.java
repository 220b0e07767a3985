package io.jnet.daemon.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All checks. */
public final class Checks {
    /** Those that need no permission. */
    private static final List<Check> FOR_ALL =
            List.of(new DaemonAbsent(), new DaemonRefuses(), new NotPermitted(), new OldKernel(), new LibraryMissing());

    private static final List<Check> FOR_ROOT = List.of(
            new StandsStill(),
            new RulesetMissing(),
            new BridgeDown(),
            new ForwardingOff(),
            new ForwardDrop(),
            new IptablesForwardDrop(),
            new FirewalldZone(),
            new SubnetTaken(),
            new PortTaken(),
            new SubnetHides(),
            new LargeMtu(),
            new StrictReversePath(),
            new NeighbourTable(),
            new ConntrackTable(),
            new LeftoverLinks(),
            new LeftoverRules(),
            new DaemonNotes(),
            new BridgeNetfilter(),
            new Forgotten());

    private Checks() {}

    /** Each of them, in the order of the documentation. */
    static List<Check> all() {
        return Stream.concat(FOR_ALL.stream(), FOR_ROOT.stream()).toList();
    }

    /** What all of them find, what matters most first. */
    public static List<Finding> run(HostView host) {
        return all().stream()
                .filter(check -> host.isPermitted() || FOR_ALL.contains(check))
                .sorted(Comparator.comparing(Check::severity))
                .flatMap(check -> check.look(host).stream())
                .toList();
    }
}
