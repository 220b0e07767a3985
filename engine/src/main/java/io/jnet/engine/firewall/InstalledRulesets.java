package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.Map;
import java.util.Set;

/** The tables of jnet that the kernel has, whichever state's they are. */
public interface InstalledRulesets {
    /** Each table that is there, such as {@code table inet jnet}, and whose it is: see {@link FirewallState#owner}; empty for nobody's. */
    Map<String, String> owners();

    /** The interfaces that forward because of the rules' owner alone: see {@link ForwardGuard#opened}. */
    Set<InterfaceName> opened(AddressFamily family);

    /** Removes the tables of an owner. */
    void remove(String owner);
}
