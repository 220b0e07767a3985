package io.jnet.daemon.trace;

import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.NftablesException;
import io.jnet.netlink.nftables.OutputOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules as nft writes them, by their tables and handles. Each table is listed once. */
final class RuleTexts {
    /** Names go into a command: the kernel takes any. */
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    private static final Pattern HANDLE = Pattern.compile("^(.*?)\\s*# handle (\\d{1,18})$");

    private final Nftables nftables;
    private final Map<String, Map<Long, String>> tables = new HashMap<>();

    RuleTexts(Nftables nftables) {
        this.nftables = nftables;
    }

    /** The text of a rule; empty when it is gone, or its table cannot be named in a command. */
    Optional<String> of(String family, String table, long handle) {
        if (!SAFE.matcher(table).matches() || !SAFE.matcher(family).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                tables.computeIfAbsent(family + " " + table, this::list).get(handle));
    }

    private Map<Long, String> list(String table) {
        try {
            return parse(nftables.query(
                    "list table " + table,
                    "list table " + table,
                    OutputOption.HANDLE,
                    OutputOption.STATELESS,
                    OutputOption.TERSE));
        } catch (NftablesException gone) {
            return Map.of();
        }
    }

    /** A rule may take several lines; its last one has the handle, and so has the line of each chain and set, which opens a block. */
    static Map<Long, String> parse(String listing) {
        Map<Long, String> rules = new HashMap<>();
        StringBuilder pending = new StringBuilder();
        for (String line : listing.split("\n", -1)) {
            Matcher end = HANDLE.matcher(line.strip());
            if (!end.matches()) {
                boolean continues = line.startsWith("\t\t\t") || line.strip().endsWith(",");
                pending.append(continues || pending.length() > 0 ? line.strip() + " " : "");
                if (line.strip().equals("}")) {
                    pending.setLength(0);
                }
                continue;
            }
            String text = (pending + end.group(1)).strip();
            pending.setLength(0);
            if (!text.endsWith("{")) {
                rules.put(Long.valueOf(end.group(2)), text);
            }
        }
        return rules;
    }
}
