package io.jnet.engine.firewall;

import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.NftablesException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the ruleset needs of the kernel's nftables. A kernel that lacks one of them refuses the whole ruleset and only says that something
 * is not there: which one is found out afterwards, by having the kernel check small rulesets without applying them.
 */
enum KernelFeature {
    NF_TABLES("nftables", "NF_TABLES", "nf_tables", "add table ip jnet_check"),
    INET("nftables for IPv4 and IPv6 together", "NF_TABLES_INET", "nf_tables", "add table inet jnet_check"),
    BRIDGE("nftables for bridges", "NF_TABLES_BRIDGE", "nf_tables", "add table bridge jnet_check"),
    CONNECTION_TRACKING(
            "connection tracking in nftables", "NFT_CT", "nft_ct", rule("filter", "forward", "ct state established")),
    ROUTE_LOOKUP(
            "routing look-ups in nftables",
            "NFT_FIB_INET",
            "nft_fib_inet",
            rule("filter", "prerouting", "fib daddr type local")),
    TRANSLATION(
            "address translation in nftables",
            "NFT_NAT",
            "-a nft_chain_nat nft_nat",
            rule("nat", "prerouting", "dnat ip to 192.0.2.1")),
    MASQUERADING(
            "masquerading in nftables",
            "NFT_MASQ",
            "-a nft_chain_nat nft_masq",
            rule("nat", "postrouting", "masquerade"));

    /** ENOENT, EOPNOTSUPP, EAFNOSUPPORT and EPROTONOSUPPORT as libnftables says them: strerror(3). */
    private static final Pattern ABSENCE = Pattern.compile(
            "No such file or directory|Operation not supported|Address family not supported|Protocol not supported");

    private final String meaning;
    private final String configuration;
    private final String modules;
    private final String commands;

    KernelFeature(String meaning, String configuration, String modules, String commands) {
        this.meaning = meaning;
        this.configuration = configuration;
        this.modules = modules;
        this.commands = commands;
    }

    private static String rule(String type, String hook, String rule) {
        return """
                table inet jnet_check {
                	chain check {
                		type %s hook %s priority 0; policy accept;
                		%s
                	}
                }
                """
                .formatted(type, hook, rule);
    }

    /** The first feature that is missing, when a refusal sounds as if one were. Changes nothing. */
    static Optional<KernelFeature> missing(Nftables nftables, NftablesException refusal) {
        if (!isAbsence(refusal)) {
            return Optional.empty();
        }
        return Stream.of(values())
                .filter(feature -> feature.isMissing(nftables))
                .findFirst();
    }

    /** What to tell a person: the feature, and where it comes from. */
    String absence() {
        return "this kernel lacks %s (CONFIG_%s): load it (modprobe %s) or boot a kernel that has it"
                .formatted(meaning, configuration, modules);
    }

    private boolean isMissing(Nftables nftables) {
        try {
            nftables.check("check for " + meaning, commands);
            return false;
        } catch (NftablesException refusal) {
            return isAbsence(refusal);
        }
    }

    private static boolean isAbsence(NftablesException refusal) {
        return ABSENCE.matcher(refusal.getMessage()).find();
    }
}
