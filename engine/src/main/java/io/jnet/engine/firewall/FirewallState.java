package io.jnet.engine.firewall;

import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everything that the rules depend on.
 *
 * @param owner whose rules these are, kept in the table's comment: 1 to 120 of letters, digits, space and {@code ._:=/,-}
 * @param networks all networks
 * @param publications all published ports, in networks that are listed
 * @param uplinkBridges bridges that are the host's own way out; packets from containers may leave by them
 */
public record FirewallState(
        String owner, List<NetworkRules> networks, List<Publication> publications, Set<InterfaceName> uplinkBridges) {
    // The kernel keeps 256 bytes of user data for a table, nft 128 for its comment with the terminating zero.
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9 ._:=/,-]{1,120}");

    /**
     * @throws IllegalArgumentException when the owner holds another character
     */
    public FirewallState {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException(
                    "invalid owner text: want 1 to 120 letters, digits, spaces or \"._:=/,-\"");
        }
        networks = List.copyOf(networks);
        publications = List.copyOf(publications);
        uplinkBridges = Set.copyOf(uplinkBridges);
    }
}
