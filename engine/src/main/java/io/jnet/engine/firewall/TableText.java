package io.jnet.engine.firewall;

import io.jnet.netlink.nftables.SetElement;
import io.jnet.netlink.nftables.TableFamily;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * One of jnet's tables as commands for nft. Pure.
 *
 * @param family the table's family; every table is called {@code jnet}
 * @param chains its chains, the same for every state
 * @param target what the target of neighbour discovery is called in chains and sets
 */
record TableText(TableFamily family, String chains, NeighbourTarget target) {
    private static final String TABLE = "jnet";
    private static final String STRUCTURE = " structure=";

    /** For a libnftables of any release. */
    TableText(TableFamily family, String chains) {
        this(family, chains, NeighbourTarget.BITS);
    }

    /** The same for releases that call the target of neighbour discovery so. */
    TableText with(NeighbourTarget other) {
        return new TableText(family, other.in(chains), other);
    }

    /** {@code table inet jnet}. */
    String name() {
        return "table " + reference();
    }

    /** {@code inet jnet}. */
    private String reference() {
        return family.text() + " " + TABLE;
    }

    /** The table's name without its family. */
    String shortName() {
        return TABLE;
    }

    /** The sets and maps of the table. */
    List<TableSet> tableSets() {
        return TableSet.of(family);
    }

    /** Commands that remove the table, whether or not there is one; for ONE transaction. */
    String uninstall() {
        // Adding what exists does nothing; nft has a "destroy" that tolerates absence only since 1.0.7 and Linux 6.3.
        return "add table %1$s\ndelete table %1$s\n".formatted(reference());
    }

    /** The whole table: comment, sets with their elements, chains. */
    String whole(FirewallState state) {
        String table = name() + " {\n" + comment(state) + sets(state) + chains + networkChains(state) + "}\n";
        return hasNetworks()
                ? table
                        + state.networks().stream()
                                .map(network -> element("add", network))
                                .collect(Collectors.joining())
                : table;
    }

    /** The table without chains: nothing that a packet meets. */
    String withoutChains(FirewallState state) {
        return name() + " {\n" + comment(state) + sets(state) + "}\n";
    }

    /**
     * Commands that make the rules of the chains exactly these, in a table that has the sets.
     *
     * @param presentChains the chains that the table has
     */
    String rules(FirewallState state, Collection<String> presentChains) {
        StringBuilder commands = new StringBuilder("add table %1$s\nflush table %1$s\n".formatted(reference()));
        if (hasNetworks()) {
            commands.append("flush map %s %s\n".formatted(reference(), TableSet.NETWORKS.text()));
            Set<String> desired = state.networks().stream()
                    .map(network -> NetworkChain.name(network.bridge()))
                    .collect(Collectors.toSet());
            presentChains.stream()
                    .filter(chain -> NetworkChain.isOne(chain) && !desired.contains(chain))
                    .forEach(chain -> commands.append("delete chain %s %s\n".formatted(reference(), chain)));
        }
        commands.append(name())
                .append(" {\n")
                .append(chains)
                .append(networkChains(state))
                .append("}\n");
        if (hasNetworks()) {
            state.networks().forEach(network -> commands.append(element("add", network)));
        }
        return commands.toString();
    }

    /** Commands that make the chain of a network, if this table has such chains; for ONE transaction. */
    Optional<String> addNetwork(NetworkRules network) {
        String chain = reference() + " " + NetworkChain.name(network.bridge());
        return hasNetworks()
                ? Optional.of("add chain %1$s\nflush chain %1$s\n".formatted(chain) + name() + " {"
                        + NetworkChain.text(network) + "}\n" + element("add", network))
                : Optional.empty();
    }

    /** Commands that remove it, whether or not it is there; for ONE transaction. */
    Optional<String> removeNetwork(NetworkRules network) {
        String chain = reference() + " " + NetworkChain.name(network.bridge());
        return hasNetworks()
                ? Optional.of("add chain %1$s\n".formatted(chain)
                        + element("add", network)
                        + element("delete", network)
                        + "delete chain %s\n".formatted(chain))
                : Optional.empty();
    }

    /** The element that leads to a network's chain. */
    private String element(String verb, NetworkRules network) {
        return "%s element %s %s { %s }\n"
                .formatted(verb, reference(), TableSet.NETWORKS.text(), NetworkChain.element(network.bridge()));
    }

    private boolean hasNetworks() {
        return family == TableFamily.INET;
    }

    private String networkChains(FirewallState state) {
        return hasNetworks() ? state.networks().stream().map(NetworkChain::text).collect(Collectors.joining()) : "";
    }

    /** The names of the chains that are the same for every state. */
    Set<String> chainNames() {
        return chains.lines()
                .filter(line -> line.startsWith("\tchain "))
                .map(line -> line.substring("\tchain ".length(), line.length() - " {".length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The comment of the table: the owner and a digest of what cannot be changed in place, the types of the sets and the hooks of the
     * chains.
     */
    String commentText(FirewallState state) {
        String structure = tableSets().stream()
                        .map(set -> set.declaration() + target.in(set.properties()))
                        .collect(Collectors.joining())
                + chains.lines().filter(line -> line.contains(" hook ")).collect(Collectors.joining());
        CRC32 digest = new CRC32();
        digest.update(structure.getBytes(StandardCharsets.US_ASCII));
        return "%s%s%08x".formatted(state.owner(), STRUCTURE, digest.getValue());
    }

    /** Whether a table with this comment is an owner's; one without a comment was made by hand, or lost it, and is nobody's. */
    static boolean isOwner(String owner, String comment) {
        return comment.isEmpty() || comment.startsWith(owner + STRUCTURE);
    }

    /** Whose a table with this comment is; empty text for nobody's. */
    static String ownerOf(String comment) {
        int end = comment.lastIndexOf(STRUCTURE);
        return end < 0 ? "" : comment.substring(0, end);
    }

    /** Whether a table of these chains and sets can be made this one by changing rules and elements alone. */
    boolean hasStructure(Collection<String> presentChains, Set<String> presentSets) {
        Set<String> own = chainNames();
        return presentChains.stream()
                        .allMatch(chain -> own.contains(chain) || (hasNetworks() && NetworkChain.isOne(chain)))
                && presentSets.equals(tableSets().stream().map(TableSet::text).collect(Collectors.toUnmodifiableSet()));
    }

    private String comment(FirewallState state) {
        return "\tcomment \"" + commentText(state) + "\"\n\n";
    }

    private String sets(FirewallState state) {
        Map<String, List<SetElement>> elements =
                new LinkedHashSet<>(Elements.of(state)).stream().collect(Collectors.groupingBy(SetElement::set));
        StringBuilder text = new StringBuilder();
        for (TableSet set : tableSets()) {
            text.append('\t').append(set.declaration()).append(" {\n").append(target.in(set.properties()));
            appendElements(text, elements.getOrDefault(set.text(), List.of()));
            text.append("\t}\n\n");
        }
        return text.toString();
    }

    private void appendElements(StringBuilder text, List<SetElement> elements) {
        if (!elements.isEmpty()) {
            text.append("\t\telements = { ")
                    .append(elements.stream().map(target::in).collect(Collectors.joining(",\n\t\t\t     ")))
                    .append(" }\n");
        }
    }
}
