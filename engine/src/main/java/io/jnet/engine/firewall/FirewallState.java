package io.jnet.engine.firewall;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Everything that the rules depend on.
 *
 * @param owner whose rules these are, kept in the table's comment: 1 to 100 of letters, digits, space and {@code ._:=/,-}
 * @param networks all networks
 * @param ports all published ports, in networks that are listed
 * @param bridgePorts the endpoints' ports on bridges that are treated in another way than all others
 * @param surroundings the host's other bridges
 * @param movedResolvers what answers names at another port than the usual one; empty: that is another process's to say, and stays as it is
 */
public record FirewallState(
        String owner,
        List<NetworkRules> networks,
        List<? extends PortRule> ports,
        List<BridgePortRules> bridgePorts,
        Surroundings surroundings,
        Optional<List<MovedResolver>> movedResolvers) {
    // nft has 128 bytes for a table's comment (libnftnl, udata.h), which says more than the owner.
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9 ._:=/,-]{1,100}");

    /**
     * @throws IllegalArgumentException when the owner holds another character
     */
    public FirewallState {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException(
                    "invalid owner text: want 1 to 100 letters, digits, spaces or \"._:=/,-\"");
        }
        networks = List.copyOf(networks);
        ports = List.copyOf(ports);
        bridgePorts = List.copyOf(bridgePorts);
        movedResolvers = movedResolvers.map(List::copyOf);
    }

    /** Without ports of bridges that are treated in another way. */
    public FirewallState(
            String owner, List<NetworkRules> networks, List<? extends PortRule> ports, Surroundings surroundings) {
        this(owner, networks, ports, List.of(), surroundings);
    }

    /** Where names are answered at the usual port, if at all. */
    public FirewallState(
            String owner,
            List<NetworkRules> networks,
            List<? extends PortRule> ports,
            List<BridgePortRules> bridgePorts,
            Surroundings surroundings) {
        this(owner, networks, ports, bridgePorts, surroundings, Optional.of(List.of()));
    }
}
