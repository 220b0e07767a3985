package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;

/**
 * A link of the host that carries jnet's mark, in a place where only the host's root can have put it.
 *
 * @param name its name
 * @param index its index
 * @param mark its mark
 */
public record MarkedLink(InterfaceName name, int index, LinkMark mark) {}
