package io.jnet.engine.firewall;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.netlink.nftables.TableFamily;

/**
 * The text of {@code table bridge jnet}: what a container's frames may be, at the port where they enter, before the bridge decides whether
 * they are for the host, for a neighbour or for all. Pure.
 *
 * <pre>
 *            hook         priority       what it does for jnet's ports
 * frame in   prerouting   filter (-200)  drops what makes the sender a router or a DHCP server; on secured ports all that is not the
 *                                        endpoint's own; sends questions for the gateway's MAC address to the gateway alone. Before
 *                                        br_netfilter (0) hands packets to table inet jnet.
 * </pre>
 *
 * <p>It applies to ports that are called {@code jv...}, jnet's ends of veth pairs, on whatever bridge: other ports of a bridge that jnet
 * was given, with the router's cable among them, are not touched. A name costs nothing where a set of bridges or of ports would cost an
 * element for each endpoint, and {@code meta ibrname} is missing from some kernels (CONFIG_NFT_BRIDGE_META).
 *
 * <p>Rejected: rules in the chains of the forward and input hooks. A frame would have to be looked at in both.
 */
final class BridgeRuleset {
    private static final String CHAINS =
            """
            	# Nearly every frame leaves by the second or third rule, also where it has nothing to do with jnet: that is cheaper than
            	# to ask. What comes after them is about other protocols. A frame with a second VLAN tag has no l4proto here
            	# (net/netfilter/nf_tables_core.c: meta l4proto ends the rule).
            	chain prerouting {
            		type filter hook prerouting priority filter; policy accept;
            		iifname @secured_ports goto from_secured
            		meta l4proto tcp accept
            		meta l4proto udp udp dport != { 68, 546 } accept
            		iifname "%s*" goto from_port
            	}

            	chain from_secured {
            		jump secured
            		goto from_port
            	}

            	# The first VLAN tag is off the frame already and looked through. Frames with a second one are dropped: Linux
            	# takes tags of VLAN 0 off, any number of them (net/core/dev.c, __netif_receive_skb_core), and what is behind them
            	# would have passed these rules unseen.
            	chain from_port {
            		meta protocol { 8021q, 8021ad } counter drop
            		meta l4proto { icmp, ipv6-icmp, udp } iifname != @router_ports jump no_router
            		goto to_gateway
            	}

            	# Who asks for the gateway asks the gateway: a bridge would copy the question to each of its ports, and a thousand
            	# containers that start or answer at once would be a million packets, of which the kernel loses most (it queues
            	# net.core.netdev_max_backlog of them). Frames that are not such questions find nothing in the maps.
            	chain to_gateway {
            		meta protocol arp arp operation request ether daddr set arp daddr ip map @gateway_macs4
            		meta protocol ip6 icmpv6 type nd-neighbor-solicit ether daddr set @th,64,128 map @gateway_macs6
            	}

            	# By the client's port alone: clients do not ask from which port the answer came. The protocol is said in each rule:
            	# nft would add one that looks at the EtherType on the wire, which for a tagged frame is the tag's.
            	chain no_router {
            		meta protocol ip meta l4proto icmp icmp type { redirect, router-advertisement } counter drop
            		meta protocol ip6 meta l4proto ipv6-icmp icmpv6 type { nd-router-advert, nd-redirect } counter drop
            		meta protocol ip udp dport 68 counter drop
            		meta protocol ip6 udp dport 546 counter drop
            	}

            	# Where addresses are secured, everything that is not named here is dropped: tagged frames, other protocols.
            	chain secured {
            		iifname . ether saddr != @port_macs counter drop
            		iifname != @addressed_ports return
            		ether type arp goto secured_arp
            		ether type ip goto secured4
            		ether type ip6 goto secured6
            		counter drop
            	}

            	# A probe (RFC 5227) is sent from no address, and claims none.
            	chain secured_arp {
            		iifname . arp saddr ether != @port_macs counter drop
            		arp saddr ip 0.0.0.0 return
            		iifname . arp saddr ip @port_addresses4 return
            		counter drop
            	}

            	chain secured4 {
            		iifname . ip saddr @port_addresses4 return
            		ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 return
            		counter drop
            	}

            	# The target of an advertisement is what the neighbours believe. So it is with a solicitation from no address, which
            	# asks whether a new address is free (RFC 4862): for another's it would take that away.
            	chain secured6 {
            		icmpv6 type nd-neighbor-advert iifname . @th,64,128 != @port_targets6 counter drop
            		iifname . ip6 saddr @port_addresses6 return
            		ip6 saddr :: icmpv6 type nd-neighbor-solicit iifname . @th,64,128 @port_targets6 return
            		ip6 saddr :: icmpv6 type { mld-listener-report, mld-listener-done, nd-router-solicit, mld2-listener-report } return
            		counter drop
            	}
            """
                    .formatted(Endpoint.HOST_LINK_PREFIX);

    /** The table. */
    static final TableText TABLE = new TableText(TableFamily.BRIDGE, CHAINS);

    private BridgeRuleset() {}
}
