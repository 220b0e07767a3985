package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;

/**
 * A link of the host, whoever made it.
 *
 * @param name its name
 * @param index its number, which no later link of the same name has again
 */
public record HostLink(InterfaceName name, int index) {}
