package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.PacketLab.Attempt;
import io.jnet.netlink.testkit.Frame;
import io.jnet.netlink.testkit.KernelTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a container sends to the host by hand, with any address that it likes. Each packet arrives once the rule against it is gone. The
 * parameter is {@code rp_filter} of all interfaces: jnet does not lean on it.
 */
@KernelTest
class ForgedPacketKernelTest {
    private static final String GATEWAY = "10.77.0.1";
    private static final String SOURCE = "raw_stranger counter drop";
    private static final String PORT = "raw_prerouting iifname \"jv*\" counter drop";
    /** Bridges keep it for LLDP, and hand frames to it to the host as if the port were no port. */
    private static final String BRIDGE_GROUP = "01:80:c2:00:00:0e";

    private static final byte[] DATA = new byte[8];

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aSourceOutsideTheNetworkIsNotTaken(int reversePathFilter) {
        try (PacketLab lab = lab(reversePathFilter)) {
            // With a way back the kernel has nothing against these sources: neither is one of the network's.
            for (String source : new String[] {"10.66.0.2", "10.78.0.99"}) {
                lab.host.run("ip route add " + source + "/32 dev jbr-a");
                lab.assertRefusedBy(isHeard(lab, lab.a1, frame(lab).udp(source, 5000, GATEWAY, 53, DATA)), SOURCE);
            }
            lab.host.run("ip -6 route add fd00:66::2/128 dev jbr-a");
            lab.assertRefusedBy(
                    isHeard(lab, lab.a1, frame(lab).udp("fd00:66::2", 5000, "fd00:77::1", 53, DATA)), SOURCE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aLoopbackSourceIsNotTaken(int reversePathFilter) {
        try (PacketLab lab = lab(reversePathFilter)) {
            Frame frame = frame(lab).udp("127.0.0.2", 5000, GATEWAY, 53, DATA);
            // Where it filters at all, the kernel refuses such a packet behind jnet's rules; where it does not, it
            // takes it.
            Attempt arrives = reversePathFilter == 0 ? isHeard(lab, lab.a1, frame) : passesRules(lab, lab.a1, frame);
            lab.assertRefusedBy(arrives, SOURCE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aLoopbackDestinationIsNotReached(int reversePathFilter) {
        try (PacketLab lab = lab(reversePathFilter)) {
            lab.assertRefusedBy(
                    isHeard(lab, lab.a1, frame(lab).udp("10.77.0.2", 5000, "127.0.0.1", 53, DATA)),
                    "raw_network4 ip daddr 127.0.0.0/8 counter drop");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void anotherNetworksGatewayIsNotReached(int reversePathFilter) {
        try (PacketLab lab = lab(reversePathFilter)) {
            lab.assertRefusedBy(
                    isHeard(lab, lab.a1, frame(lab).udp("10.77.0.2", 5000, "10.78.0.1", 53, DATA)),
                    "raw_network4 ip daddr @gateways4 iifname . ip daddr != @subnets4 counter drop");
            lab.assertRefusedBy(
                    isHeard(lab, lab.a1, frame(lab).udp("fd00:77::2", 5000, "fd00:78::1", 53, DATA)),
                    "raw_network6 ip6 daddr @gateways6 iifname . ip6 daddr != @subnets6 counter drop");
        }
    }

    /** As if there were no bridge: rules about bridges do not see the packet. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nothingIsTakenFromThePortItself(int reversePathFilter) {
        try (PacketLab lab = lab(reversePathFilter)) {
            Frame forged = Frame.between(lab.a1.mac(), BRIDGE_GROUP).udp("10.66.0.2", 5000, "198.51.100.1", 53, DATA);
            lab.host.run("ip route add 10.66.0.2/32 dev jva1");
            lab.assertRefusedBy(isHeard(lab, lab.a1, forged), PORT);

            // A container of an internal network has no business with the host's other addresses.
            Frame inner = Frame.between(lab.c1.mac(), BRIDGE_GROUP).udp("10.79.0.2", 5000, "198.51.100.1", 53, DATA);
            lab.host.run("ip route add 10.79.0.2/32 dev jvc1");
            lab.assertRefusedBy(isHeard(lab, lab.c1, inner), PORT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void honestPacketsByHandArrive(int reversePathFilter) {
        try (PacketLab lab = lab(reversePathFilter)) {
            assertThat(isHeard(lab, lab.a1, frame(lab).udp("10.77.0.2", 5000, GATEWAY, 53, DATA))
                            .within(Peer.ANSWER_MILLIS))
                    .isPresent();
            assertThat(isHeard(lab, lab.a1, frame(lab).udp("fd00:77::2", 5000, "fd00:77::1", 53, DATA))
                            .within(Peer.ANSWER_MILLIS))
                    .isPresent();
        }
    }

    private static PacketLab lab(int reversePathFilter) {
        PacketLab lab = PacketLab.create(0);
        for (String link : new String[] {"all", "default", "jbr-a", "jbr-c", "jva1", "jvc1", "up0"}) {
            lab.host.run("sysctl -qw net.ipv4.conf." + link + ".rp_filter=" + reversePathFilter);
        }
        return lab;
    }

    private static Frame frame(PacketLab lab) {
        return Frame.between(lab.a1.mac(), lab.host.mac("jbr-a"));
    }

    /** Whether a server on the host hears the datagram. */
    private static Attempt isHeard(PacketLab lab, Peer sender, Frame frame) {
        return millis -> {
            lab.host.forgetSeen();
            sender.send(frame);
            return lab.host.awaitSeen(":5000", millis);
        };
    }

    /** Whether the packet comes past jnet's rules, to a counter behind them. */
    private static Attempt passesRules(PacketLab lab, Peer sender, Frame frame) {
        return millis -> {
            lab.host.run("nft -- add table inet witness { chain behind { type filter hook prerouting priority -290 ; "
                    + "udp sport 5000 counter ; } ; }");
            sender.send(frame);
            try {
                return Peer.await(
                        millis,
                        () -> !lab.host.run("nft list table inet witness").contains("counter packets 0 "));
            } finally {
                lab.host.run("nft delete table inet witness");
            }
        };
    }
}
