package io.jnet.engine;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The setting that makes a host forward one address family, and the settings that the kernel overwrites whenever that one gets another
 * value: {@code inet_forward_change} in net/ipv4/devinet.c, {@code addrconf_forward_change} in net/ipv6/addrconf.c.
 */
enum ForwardingSwitch {
    IPV4(AddressFamily.INET, "net/ipv4/ip_forward", "net/ipv4/conf/"),
    IPV6(AddressFamily.INET6, "net/ipv6/conf/all/forwarding", "net/ipv6/conf/");

    private static final String REDIRECTS = "net/ipv4/conf/all/accept_redirects";

    private final AddressFamily family;
    private final String key;
    private final String folder;

    ForwardingSwitch(AddressFamily family, String key, String folder) {
        this.family = family;
        this.key = key;
        this.folder = folder;
    }

    AddressFamily family() {
        return family;
    }

    /** The switch itself, as a path below {@code /proc/sys}. */
    String key() {
        return key;
    }

    /** The settings that a new value of the switch overwrites, on a host with these links. */
    List<String> overwrites(Collection<InterfaceName> links) {
        Stream<String> interfaces = Stream.concat(
                        Stream.of("default"), links.stream().map(InterfaceName::value))
                .map(name -> folder + name + "/forwarding");
        return (this == IPV4 ? Stream.concat(Stream.of(REDIRECTS), interfaces) : interfaces).toList();
    }

    /** Whether a setting is of those that this switch overwrites. */
    boolean isOverwriting(String setting) {
        return setting.startsWith(folder) && !setting.equals(key);
    }

    /** What an overwritten setting is, once the switch has got {@code value}. */
    static String overwritten(String setting, String value) {
        if (setting.equals(REDIRECTS)) {
            return value.equals("0") ? "1" : "0";
        }
        return value;
    }
}
