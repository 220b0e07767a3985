package io.jnet.engine.firewall;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.netlink.nftables.TableFamily;

/**
 * The text of {@code table inet jnet}: what is decided about packets that the host takes or forwards. {@link BridgeRuleset} is for what
 * passes between the ports of one bridge. Pure.
 *
 * <pre>
 *            hook         priority       what it does for jnet's bridges
 * packet in  prerouting   raw (-300)     drops what no honest sender sends: loopback addresses on the wire, foreign sources,
 *                                        gateways of other networks, anything that would leave an internal network
 *                         dstnat (-100)  published ports: to a local address, looked up in the maps
 * from host  output       -100           the same for the host's own connections
 * forwarded  forward      filter - 10    decides; a drop is final, an accept carries a mark; and drops what would be forwarded
 *                                        because of jnet without being jnet's (docs/decisions/0005-forwarding-for-jnet-only.md)
 *                         100            takes the mark off again
 * to host    input        filter - 10    drops what an isolated network sends to the host; queries for names carry the mark
 *                         100            takes the mark off again
 * packet out postrouting  srcnat (100)   masquerade out of the host, and by published ports out of the own network
 * </pre>
 *
 * <p>Rejected: chains with a rule for each port and container, as iptables has them. Each connection then passes half of them on average,
 * each change rewrites a chain, and two writers clash. Here the rules never change, but for one short chain for each network ({@link
 * NetworkChain}); networks and ports are elements of sets and maps, whose look-up and change cost the same whether there is one or there
 * are ten thousand.
 *
 * <p>Rejected, too: accepting without a mark. An accept ends only its own chain; iptables' FORWARD chain sees the packet next, and where
 * its policy is DROP needs to know that jnet has decided (docs/decisions/0003-mark-for-iptables.md, {@link ForwardCoexistence}).
 *
 * <p>With br_netfilter and {@code bridge-nf-call-iptables=1} frames between two ports of one bridge pass prerouting and forward as well,
 * with the bridge as both interfaces, so the rules must hold for them too; postrouting then has no input interface.
 */
final class Ruleset {
    private static final String CHAINS =
            """
            	# Each network has a chain of its own, where a packet goes by its source: see NetworkChain. It comes back to
            	# raw_network4 or raw_network6, of an internal network to raw_internal4 or raw_internal6.
            	#
            	# For all others: not from lo, loopback addresses, as source too; a gateway from elsewhere than its own network. And
            	# nothing from a port itself, as if there were no bridge: a frame to one of the addresses that bridges keep for
            	# themselves (01:80:c2:00:00:0x) is handed to the host so, whatever it carries (net/bridge/br_input.c,
            	# br_handle_frame), and no rule about bridges would see it.
            	chain raw_prerouting {
            		type filter hook prerouting priority raw; policy accept;
            		iif "lo" accept
            		iifname vmap @networks
            		iifname "%3$s*" counter drop
            		meta nfproto ipv6 goto raw6
            		ip saddr 127.0.0.0/8 counter drop
            		ip daddr 127.0.0.0/8 counter drop
            		ip daddr @gateways4 counter drop
            	}

            	chain raw6 {
            		ip6 saddr ::1 counter drop
            		ip6 daddr ::1 counter drop
            		ip6 daddr @gateways6 counter drop
            	}

            	# An internal network reaches itself only, not even other addresses of the host.
            	chain raw_internal4 {
            		ip daddr != { 224.0.0.0/4, 255.255.255.255 } iifname . ip daddr != @subnets4 counter drop
            		goto raw_network4
            	}

            	chain raw_internal6 {
            		ip6 daddr != { fe80::/10, ff00::/8 } iifname . ip6 daddr != @subnets6 counter drop
            		goto raw_network6
            	}

            	# Loopback addresses are for nobody on the wire; a gateway is for its own network. Other addresses of the host, those of
            	# another engine's bridges among them, are reached as from anywhere: Docker's host-gateway is one.
            	chain raw_network4 {
            		ip daddr 127.0.0.0/8 counter drop
            		ip daddr @gateways4 iifname . ip daddr != @subnets4 counter drop
            	}

            	chain raw_network6 {
            		ip6 daddr ::1 counter drop
            		ip6 daddr @gateways6 iifname . ip6 daddr != @subnets6 counter drop
            	}

            	# From a network, but not from its sources. A DHCP client has none yet, and its broadcast is never forwarded; nor is
            	# an IPv6 packet from no address, and duplicate address detection and MLD need it.
            	chain raw_stranger {
            		ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept
            		ip6 saddr :: ip6 daddr ff02::/16 meta l4proto ipv6-icmp accept
            		counter drop
            	}

            	chain nat_prerouting {
            		type nat hook prerouting priority dstnat; policy accept;
            		fib daddr type local jump publish
            	}

            	# The number of dstnat: nft knows its name in prerouting only.
            	chain nat_output {
            		type nat hook output priority -100; policy accept;
            		fib daddr type local jump publish
            	}

            	# One host address before all of them, one port before a run. ::1 cannot be translated: the kernel never lets
            	# it leave by another interface. Nor does it forward what comes from a link-local address. The daemon serves both.
            	chain publish {
            		ip6 daddr ::1 return
            		ip6 saddr fe80::/10 return
            		meta l4proto { tcp, udp } th dport 53 jump resolve
            		dnat ip to ip daddr . meta l4proto . th dport map @published_address4
            		meta nfproto ipv4 dnat ip to meta l4proto . th dport map @published4
            		dnat ip to ip daddr . meta l4proto . th dport map @published_address_ranges4
            		meta nfproto ipv4 dnat ip to meta l4proto . th dport map @published_ranges4
            		dnat ip6 to ip6 daddr . meta l4proto . th dport map @published_address6
            		dnat ip6 to meta l4proto . th dport map @published6
            		dnat ip6 to ip6 daddr . meta l4proto . th dport map @published_address_ranges6
            		dnat ip6 to meta l4proto . th dport map @published_ranges6
            	}

            	# Names are asked for at a bridge's own address: a published port 53 of any address does not take that.
            	chain resolve {
            		dnat ip to iifname . ip daddr . meta l4proto . th dport map @moved_resolvers4
            		dnat ip6 to iifname . ip6 daddr . meta l4proto . th dport map @moved_resolvers6
            		iifname . ip daddr @resolvers4 accept
            		iifname . ip6 daddr @resolvers6 accept
            	}

            	# Masquerade keeps the source port where it is free and takes another where it is not, so two containers may use
            	# the same one.
            	chain nat_postrouting {
            		type nat hook postrouting priority srcnat; policy accept;
            		oifname @bridges goto nat_into_network
            		oif "lo" return
            		ct status dnat jump nat_to_foreign
            		snat ip to ip saddr map @source_address4
            		snat ip6 to ip6 saddr map @source_address6
            		ip saddr @masquerade4 masquerade
            		ip6 saddr @masquerade6 masquerade
            	}

            	# Where answers must come back this way: to the host by 127.0.0.1; by a published port to the own network; and to
            	# another network, since who has the port may be on that one too and would answer there, past the translation.
            	# What comes by a route keeps its address.
            	chain nat_into_network {
            		ip saddr 127.0.0.0/8 masquerade
            		ct status dnat ip saddr . ip daddr @hairpin4 masquerade
            		ct status dnat ip6 saddr . ip6 daddr @hairpin6 masquerade
            		ct status dnat ip saddr @masquerade4 masquerade
            		ct status dnat ip6 saddr @masquerade6 masquerade
            	}

            	# To containers on links of others: the host by 127.0.0.1, and neighbours, whose answers would go past the host.
            	chain nat_to_foreign {
            		ip saddr 127.0.0.0/8 ip daddr . ip daddr @foreign_targets4 masquerade
            		ip saddr . ip daddr @foreign_targets4 masquerade
            		ip6 saddr . ip6 daddr @foreign_targets6 masquerade
            	}

            	chain forward {
            		type filter hook forward priority filter - 10; policy accept;
            		iifname @bridges goto out_of_network
            		oifname @bridges goto into_network
            		ct status dnat jump foreign
            		iifname . oifname @same_bridge accept
            		meta nfproto ipv4 iifname @opened4 goto not_ours4
            		meta nfproto ipv6 iifname @opened6 goto not_ours6
            	}

            	# By a published port, and back. An address is in its own subnet.
            	chain foreign {
            		ct direction original ip daddr . ip daddr @foreign_targets4 goto into_foreign
            		ct direction reply ip saddr . ip saddr @foreign_targets4 goto accepted
            		ct direction original ip6 daddr . ip6 daddr @foreign_targets6 goto into_foreign
            		ct direction reply ip6 saddr . ip6 saddr @foreign_targets6 goto accepted
            	}

            	chain into_foreign {
            		ct state established,related goto accepted
            		goto let_in
            	}

            	# What came in by an interface that forwards because of jnet alone, and is not jnet's, goes nowhere, as it would
            	# without jnet. Bridges that came since are left to who made them: another engine may have switched forwarding on.
            	# Network cards have no kind, and no comparison with one is ever true for them, not even "!=".
            	chain not_ours4 {
            		oifname @closed_bridges4 counter drop
            		meta oifkind "bridge" accept
            		counter drop
            	}

            	chain not_ours6 {
            		oifname @closed_bridges6 counter drop
            		meta oifkind "bridge" accept
            		counter drop
            	}

            	# Into another bridge of the host, Docker's for example, only by its published ports: with jnet's accept a
            	# foreign chain that would drop might never be asked. Packets without a connection would leave untranslated.
            	chain out_of_network {
            		ct state established,related goto accepted
            		iifname . oifname @inter_container goto accepted
            		iifname @internal_bridges counter drop
            		oifname @internal_bridges counter drop
            		ct status dnat goto let_in
            		ip saddr . ip daddr @hairpin4 counter drop
            		ip6 saddr . ip6 daddr @hairpin6 counter drop
            		oifname @bridges jump direct
            		oifname @bridges counter drop
            		ct state invalid counter drop
            		meta oifkind "bridge" oifname != @uplink_bridges counter drop
            		goto accepted
            	}

            	chain into_network {
            		ct state established,related goto accepted
            		oifname @internal_bridges counter drop
            		ct status dnat goto let_in
            		jump direct
            		counter drop
            	}

            	# To a container's own address, from wherever there is a route: nat-unprotected to all ports; routed to open
            	# ones, and with ICMP, which path MTU discovery and ping live by; else from trusted interfaces only.
            	chain direct {
            		meta nfproto ipv4 oifname @unprotected4 goto let_in
            		meta nfproto ipv6 oifname @unprotected6 goto let_in
            		ip protocol icmp oifname @routed4 goto let_in
            		meta nfproto ipv6 meta l4proto ipv6-icmp oifname @routed6 goto let_in
            		ip daddr . meta l4proto . th dport @open_ports4 jump open
            		ip6 daddr . meta l4proto . th dport @open_ports6 jump open
            	}

            	chain open {
            		meta nfproto ipv4 oifname @routed4 goto let_in
            		meta nfproto ipv6 oifname @routed6 goto let_in
            		iifname . oifname @trusted goto let_in
            	}

            	# What is new from outside comes in as far as the host's owner, the network and the container let it: publish.policy.
            	# Where the host's own forward rules decide, it goes to them without the mark. Containers are let in; on a bridge of somebody
            	# else's are other machines too.
            	chain let_in {
            		iifname @bridges iifname != @adopted_bridges goto accepted
            		oifname @limited oifname . ip saddr != @admitted4 counter drop
            		oifname @limited oifname . ip6 saddr != @admitted6 counter drop
            		ip daddr @limited_containers4 ip daddr . ip saddr != @admitted_to_containers4 counter drop
            		ip6 daddr @limited_containers6 ip6 daddr . ip6 saddr != @admitted_to_containers6 counter drop
            		oifname @firewalled goto firewalled
            		ip daddr @firewalled_containers4 goto firewalled
            		ip6 daddr @firewalled_containers6 goto firewalled
            		goto accepted
            	}

            	# firewalld accepts whatever is translated before it comes to its policies. So they are looked at here.
            	chain firewalled {
            		ct status dnat meta l4proto @unasked iifname . oifname . meta l4proto . th dport != @passages counter drop
            		accept
            	}

            	# Of an isolated network: here the bridge has no address, and the host's others are none of the containers' business.
            	# Names are asked for past what the host's own rules say of its services.
            	chain input {
            		type filter hook input priority filter - 10; policy accept;
            		meta nfproto ipv4 iifname @isolated4 counter drop
            		meta nfproto ipv6 iifname @isolated6 counter drop
            		meta l4proto tcp ct original proto-dst 53 ct status dnat jump input_query
            		meta l4proto udp ct original proto-dst 53 ct status dnat jump input_query
            		meta l4proto { tcp, udp } th dport 53 jump input_stray
            	}

            	# What else is for a gateway, is translated and stays here, is the host's: a redirection of its own, for example.
            	chain input_query {
            		iifname . ct original ip daddr @resolvers4 goto accepted
            		iifname . ct original ip6 daddr @resolvers6 goto accepted
            	}

            	# What else listens at the port is the host's own, and must not answer in the resolver's place.
            	chain input_stray {
            		iifname . ip daddr @resolvers4 counter drop
            		iifname . ip6 daddr @resolvers6 counter drop
            	}

            	chain input_unmark {
            		type filter hook input priority 100; policy accept;
            		meta mark & %1$s == %1$s iifname @bridges meta mark set meta mark & %2$s
            	}

            	chain accepted {
            		meta mark set meta mark | %1$s accept
            	}

            	chain unmark {
            		type filter hook forward priority 100; policy accept;
            		meta mark & %1$s != %1$s accept
            		iifname @bridges meta mark set meta mark & %2$s accept
            		oifname @bridges meta mark set meta mark & %2$s accept
            		ct status dnat jump unmark_foreign
            	}

            	chain unmark_foreign {
            		ct direction original ip daddr . ip daddr @foreign_targets4 meta mark set meta mark & %2$s
            		ct direction reply ip saddr . ip saddr @foreign_targets4 meta mark set meta mark & %2$s
            		ct direction original ip6 daddr . ip6 daddr @foreign_targets6 meta mark set meta mark & %2$s
            		ct direction reply ip6 saddr . ip6 saddr @foreign_targets6 meta mark set meta mark & %2$s
            	}
            """
                    .formatted(hex(OwnRules.ACCEPTED_MARK), hex(~OwnRules.ACCEPTED_MARK), Endpoint.HOST_LINK_PREFIX);

    /** The table. */
    static final TableText TABLE = new TableText(TableFamily.INET, CHAINS);

    private Ruleset() {}

    private static String hex(int mark) {
        return "0x%08x".formatted(mark);
    }
}
