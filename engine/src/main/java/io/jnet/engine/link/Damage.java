package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;
import java.util.Map;
import java.util.Set;

/**
 * What others have done to links that the engine made.
 *
 * @param undone what was done to each link that can be mended, as what follows its name in a sentence: {@code was set down}
 * @param taken names of bridges that somebody else's link has now, which is not the engine's to change
 */
public record Damage(Map<InterfaceName, String> undone, Set<InterfaceName> taken) {
    public Damage {
        undone = Map.copyOf(undone);
        taken = Set.copyOf(taken);
    }
}
