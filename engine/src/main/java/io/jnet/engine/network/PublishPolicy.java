package io.jnet.engine.network;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who outside of the host may open connections to containers, by published ports or otherwise. The host's owner, a network and a container
 * may each have one; what holds is all of them together ({@link #and}), so that none can let in what another one keeps out.
 *
 * @param firewalled whether the engine lets nobody in by itself: the host's own forward rules decide
 * @param from where connections may come from, none inside another; nobody when there is none; empty: from everywhere
 */
public record PublishPolicy(boolean firewalled, Optional<List<IpPrefix>> from) {
    /** Everybody: what publishing means with Docker. */
    public static final PublishPolicy OPEN = new PublishPolicy(false, Optional.empty());

    /** The host's own forward rules decide. */
    public static final PublishPolicy FIREWALLED = new PublishPolicy(true, Optional.empty());

    private static final String FROM = "from=";

    public PublishPolicy {
        from = from.map(PublishPolicy::widest);
    }

    /**
     * Reads {@code open}, {@code firewalled}, or {@code from=} and prefixes with commas between them; an address alone is a prefix of
     * itself.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static PublishPolicy parse(String text) {
        if (text.equals("open")) {
            return OPEN;
        }
        if (text.equals("firewalled")) {
            return FIREWALLED;
        }
        if (!text.startsWith(FROM)) {
            throw new IllegalArgumentException("want open, firewalled or from=PREFIX,... like from=192.0.2.0/24");
        }
        List<IpPrefix> prefixes = new ArrayList<>();
        for (String prefix : text.substring(FROM.length()).split(",", -1)) {
            prefixes.add(prefix(prefix));
        }
        return new PublishPolicy(false, Optional.of(prefixes));
    }

    private static IpPrefix prefix(String text) {
        if (text.contains("/")) {
            return IpPrefix.parse(text);
        }
        IpAddress address = IpAddress.parse(text);
        return new IpPrefix(address, address.family().addressBits());
    }

    /** What both let in. */
    public PublishPolicy and(PublishPolicy other) {
        Optional<List<IpPrefix>> both = from.isPresent() && other.from.isPresent()
                ? Optional.of(common(from.get(), other.from.get()))
                : from.or(other::from);
        return new PublishPolicy(firewalled || other.firewalled, both);
    }

    /** Whether everybody is let in. */
    public boolean admitsAll() {
        return equals(OPEN);
    }

    /** Whether a connection may come from an address, as far as this says. */
    public boolean admits(IpAddress client) {
        return from.isEmpty() || from.get().stream().anyMatch(prefix -> prefix.contains(client));
    }

    /** As {@link #parse} reads it; {@code firewalled from=...} where both hold, and {@code from=nobody}. */
    @Override
    public String toString() {
        String sources = from.map(prefixes -> FROM
                        + (prefixes.isEmpty()
                                ? "nobody"
                                : prefixes.stream().map(IpPrefix::toString).collect(Collectors.joining(","))))
                .orElse("");
        if (firewalled) {
            return sources.isEmpty() ? "firewalled" : "firewalled " + sources;
        }
        return sources.isEmpty() ? "open" : sources;
    }

    /** Two prefixes have nothing in common, or one is inside the other. */
    private static List<IpPrefix> common(List<IpPrefix> some, List<IpPrefix> others) {
        List<IpPrefix> common = new ArrayList<>();
        for (IpPrefix one : some) {
            for (IpPrefix other : others) {
                if (one.family() == other.family() && one.overlaps(other)) {
                    common.add(one.length() >= other.length() ? one : other);
                }
            }
        }
        return common;
    }

    /** In a stable order, each without host bits, and none that another one holds. */
    private static List<IpPrefix> widest(List<IpPrefix> prefixes) {
        List<IpPrefix> widest = new ArrayList<>();
        prefixes.stream()
                .map(IpPrefix::network)
                .sorted(Comparator.comparing(IpPrefix::family)
                        .thenComparing(IpPrefix::length)
                        .thenComparing(IpPrefix::address))
                .filter(next -> widest.stream().noneMatch(wider -> wider.contains(next.address())))
                .forEach(widest::add);
        return List.copyOf(widest);
    }
}
