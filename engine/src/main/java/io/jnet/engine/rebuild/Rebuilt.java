package io.jnet.engine.rebuild;

import java.util.List;

/**
 * What was made again of a lost state, for a person to read: a line each.
 *
 * @param instance the identity that the state has now
 * @param rebuilt networks and endpoints whose records were made from what the kernel has
 * @param forgotten networks and endpoints whose records went, since the kernel has nothing of them
 * @param unknown what nothing in the kernel shows, and what it was taken for
 * @param removed what could not be proven to be the state's, and was removed
 */
public record Rebuilt(
        String instance, List<String> rebuilt, List<String> forgotten, List<String> unknown, List<String> removed) {
    public Rebuilt {
        rebuilt = List.copyOf(rebuilt);
        forgotten = List.copyOf(forgotten);
        unknown = List.copyOf(unknown);
        removed = List.copyOf(removed);
    }
}
