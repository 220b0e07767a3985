package io.jnet.daemon.trace;

/**
 * Something that was decided about the packet.
 *
 * @param hook where the packet was: {@code forward}
 * @param table the table: {@code inet jnet}
 * @param chain the chain
 * @param rule the rule as nft writes it, or {@code policy}
 * @param verdict {@code accept}, {@code drop}, {@code jump publish}
 */
public record Step(String hook, String table, String chain, String rule, String verdict) {
    /** Whether the packet ended there. */
    boolean isDrop() {
        return verdict.equals("drop");
    }
}
