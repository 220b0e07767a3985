package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tables of jnet that the kernel has, whichever state's they are. */
public interface InstalledRulesets {
    /** Each table that is there, such as {@code table inet jnet}, and whose it is: see {@link FirewallState#owner}; empty for nobody's. */
    Map<String, String> owners();

    /** The interfaces that forward because of the rules' owner alone: see {@link ForwardGuard#opened}. */
    Set<InterfaceName> opened(AddressFamily family);

    /** What the tables of an owner say of networks and ports. */
    RulesetContent content(String owner);

    /**
     * What the tables of this state's owner have beside what it should be, an element a line, but for what concerns the host's own
     * interfaces: what would go if the state were installed.
     */
    List<String> surplus(FirewallState desired);

    /** Removes the tables of an owner. */
    void remove(String owner);
}
