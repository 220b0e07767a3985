package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/**
 * A range that containers get addresses of.
 *
 * @param subnet the range, host bits zero
 * @param limits the part that addresses are chosen from; absent: all of it
 * @param gateway the gateway's address; never a container's
 * @param ofContainer whether it is what the runtime has for one container, and not the network's
 */
public record RangeConfiguration(
        IpPrefix subnet, Optional<AddressRange> limits, IpAddress gateway, boolean ofContainer) {

    static RangeConfiguration of(Fields fields, boolean ofContainer) {
        IpPrefix subnet = fields.prefix("subnet")
                .orElseThrow(() -> CniException.configuration("missing " + fields.name("subnet")));
        if (!subnet.network().equals(subnet)) {
            throw CniException.configuration("invalid " + fields.name("subnet") + " " + subnet
                    + ": host bits are set, want " + subnet.network());
        }
        AddressRange usable = AddressRange.ofHosts(subnet);
        Optional<IpAddress> start = inside(fields, "rangeStart", usable);
        Optional<IpAddress> end = inside(fields, "rangeEnd", usable);
        Optional<AddressRange> limits = start.isEmpty() && end.isEmpty()
                ? Optional.empty()
                : Optional.of(new AddressRange(start.orElse(usable.first()), end.orElse(usable.last())));
        limits.filter(range -> range.first().compareTo(range.last()) > 0).ifPresent(range -> {
            throw CniException.configuration("invalid " + fields.name("rangeStart") + " " + range.first()
                    + ": it comes after rangeEnd " + range.last());
        });
        // All of it is no limit.
        return new RangeConfiguration(
                subnet,
                limits.filter(range -> !range.equals(usable)),
                inside(fields, "gateway", usable).orElse(usable.first()),
                ofContainer);
    }

    /** The part that all containers' addresses are chosen from; absent: all of it. */
    public Optional<AddressRange> networkLimits() {
        return limits.filter(some -> !ofContainer);
    }

    /** The part that this container's address is chosen from; absent: as everybody's. */
    public Optional<AddressRange> containerLimits() {
        return ofContainer ? limits : Optional.empty();
    }

    /** Whether the gateway's address is the one that it has where none is named. */
    public boolean isGatewayDefault() {
        return AddressRange.ofHosts(subnet).first().equals(gateway);
    }

    /** The address family of the range. */
    public AddressFamily family() {
        return subnet.family();
    }

    private static Optional<IpAddress> inside(Fields fields, String key, AddressRange usable) {
        Optional<IpAddress> address = fields.address(key);
        address.filter(given -> given.family() != usable.first().family() || !usable.contains(given))
                .ifPresent(given -> {
                    throw CniException.configuration(
                            "invalid " + fields.name(key) + " " + given + ": want one of " + usable);
                });
        return address;
    }
}
