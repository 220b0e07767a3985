package io.jnet.testbed.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kinds of steps that the tests of a class must meet: what a daemon or a call alone changes the world by. One that is never met any more was
 * not died before either.
 */
public final class StepKinds {
    /** A commit and its flush, a batch of nfnetlink, links and addresses, a bound port, iptables, a file's name, an answer. */
    private static final List<String> OF_EVERY_CLASS = List.of(
            "/var/lib/jnet/state.lmdb",
            "flush",
            "nfnetlink 16",
            "rtnetlink 16",
            "rtnetlink 20",
            "bind",
            "execve",
            "file",
            "answer");
    /** Of what jnet does inside a container: RTM_DELLINK, RTM_SETLINK, RTM_NEWROUTE, RTM_NEWNEIGH and RTM_DELNEIGH, settings of links. */
    private static final List<String> OF_CNI = List.of(
            "rtnetlink 17",
            "rtnetlink 19",
            "rtnetlink 24",
            "rtnetlink 28",
            "rtnetlink 29",
            "/proc/sys/net/ipv4/conf/*/rp_filter",
            "/proc/sys/net/ipv4/conf/*/route_localnet",
            "/proc/sys/net/ipv4/conf/*/forwarding",
            "/proc/sys/net/ipv6/conf/*/accept_ra");

    private StepKinds() {}

    /** Of Docker's protocols. */
    public static void checkDocker(Set<String> met) {
        assertThat(met).containsAll(OF_EVERY_CLASS);
    }

    /** Of CNI. */
    public static void checkCni(Set<String> met) {
        assertThat(met)
                .containsAll(
                        Stream.concat(OF_EVERY_CLASS.stream(), OF_CNI.stream()).toList());
    }
}
