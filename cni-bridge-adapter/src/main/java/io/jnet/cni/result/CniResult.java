package io.jnet.cni.result;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The result of an ADD.
 *
 * @param interfaces bridge, host's end, the ifb link where there is one, container's end, in this order
 * @param addresses of the last one
 * @param routes in the container, beside those that the addresses bring
 * @param dns what resolvers to use
 */
public record CniResult(
        List<Interface> interfaces, List<Address> addresses, List<ContainerRoute> routes, DnsConfiguration dns) {

    public CniResult {
        interfaces = List.copyOf(interfaces);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
    }

    /**
     * A link that was made.
     *
     * @param name in its namespace
     * @param mac its MAC address; absent: not known
     * @param mtu in bytes; absent: the kernel's default
     * @param sandbox the container's namespace, as the runtime calls it; absent for the host's
     */
    public record Interface(String name, Optional<MacAddress> mac, OptionalInt mtu, Optional<String> sandbox) {}

    /**
     * An address of the container.
     *
     * @param address with its subnet's length
     * @param gateway the subnet's
     */
    public record Address(IpPrefix address, Optional<IpAddress> gateway) {}
}
