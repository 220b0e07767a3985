package io.jnet.engine.firewall;

import io.jnet.netlink.nftables.SetElement;
import io.jnet.netlink.nftables.TableFamily;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * One of jnet's tables as commands for nft. Pure.
 *
 * @param family the table's family; every table is called {@code jnet}
 * @param chains its chains, the same for every state
 */
record TableText(TableFamily family, String chains) {
    private static final String TABLE = "jnet";
    private static final String STRUCTURE = " structure=";

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
        return name() + " {\n" + comment(state) + sets(state) + chains + "}\n";
    }

    /** The table without chains: nothing that a packet meets. */
    String withoutChains(FirewallState state) {
        return name() + " {\n" + comment(state) + sets(state) + "}\n";
    }

    /** Commands that make the rules of the chains exactly these, in a table that has the sets. */
    String rules() {
        return "add table %1$s\nflush table %1$s\ntable %1$s {\n".formatted(reference()) + chains + "}\n";
    }

    /**
     * The comment of the table: the owner and a digest of what cannot be changed in place, the types of the sets and the hooks of the
     * chains.
     */
    String commentText(FirewallState state) {
        String structure = tableSets().stream()
                        .map(set -> set.declaration() + set.properties())
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

    /** Whether a table of these chains and sets can be made this one by changing rules and elements alone. */
    boolean hasStructure(Collection<String> presentChains, Set<String> presentSets) {
        Set<String> own = chains.lines()
                .filter(line -> line.startsWith("\tchain "))
                .map(line -> line.substring("\tchain ".length(), line.length() - " {".length()))
                .collect(Collectors.toUnmodifiableSet());
        return own.containsAll(presentChains)
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
            text.append('\t').append(set.declaration()).append(" {\n").append(set.properties());
            appendElements(text, elements.getOrDefault(set.text(), List.of()));
            text.append("\t}\n\n");
        }
        return text.toString();
    }

    private static void appendElements(StringBuilder text, List<SetElement> elements) {
        if (!elements.isEmpty()) {
            text.append("\t\telements = { ")
                    .append(elements.stream().map(SetElement::text).collect(Collectors.joining(",\n\t\t\t     ")))
                    .append(" }\n");
        }
    }
}
