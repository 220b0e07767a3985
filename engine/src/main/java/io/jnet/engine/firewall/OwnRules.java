package io.jnet.engine.firewall;

/** What jnet's part in the rules of a host is known by, to the host's owner too. */
public final class OwnRules {
    /**
     * The mark bit of packets that jnet accepts, on them only from priority filter - 10 to 100 of the forward hook. Free in what is known
     * to use marks on the same hosts: kube-proxy 0x4000 and 0x8000, CNI portmap and netavark 0x2000, Cilium 0x0f00, Calico 0xffff0000,
     * tailscale 0xff0000, AWS VPC CNI 0x80, wg-quick 0xca6c; people choose small numbers by hand.
     */
    public static final int ACCEPTED_MARK = 0x1000;

    /** Packets with that mark, to nft. */
    public static final String ACCEPTED = "meta mark and 0x%1$x == 0x%1$x".formatted(ACCEPTED_MARK);

    /** The same to iptables. */
    public static final String ACCEPTED_BY_IPTABLES = "-m mark --mark 0x%1$x/0x%1$x".formatted(ACCEPTED_MARK);

    /** jnet's own chain of iptables to which FORWARD leads. */
    public static final String FORWARD_CHAIN = "JNET-FORWARD";

    /** The one to which INPUT leads. */
    public static final String INPUT_CHAIN = "JNET-INPUT";

    private OwnRules() {}
}
