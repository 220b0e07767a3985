package io.jnet.ipam.pool;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.time.Instant;
import java.util.Optional;

/**
 * A range of addresses that belongs to one network.
 *
 * @param id its identity
 * @param space the address space that it was asked for in
 * @param prefix the range, host bits zero
 * @param part the part that addresses are chosen from; absent: all of it
 * @param limits the same, where it is no prefix; at most one of the two is there
 * @param sticky whether an owner gets the address again that it had
 * @param since when it was made
 */
public record Pool(
        PoolId id,
        String space,
        IpPrefix prefix,
        Optional<IpPrefix> part,
        Optional<AddressRange> limits,
        boolean sticky,
        Instant since) {
    private static final IpPrefix MAPPED = IpPrefix.parse("::ffff:0:0/96");

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when host bits are set, the range is no unicast range, or the part is not in it
     */
    @SuppressWarnings("OptionalAssignedToNull") // absent in records of earlier versions
    public Pool {
        limits = limits == null ? Optional.empty() : limits;
        check(prefix);
        part.ifPresent(inner -> checkPart(prefix, inner));
        limits.ifPresent(inner -> checkLimits(prefix, inner));
    }

    /** A pool whose part is a prefix, or all of it. */
    public Pool(PoolId id, String space, IpPrefix prefix, Optional<IpPrefix> part, boolean sticky, Instant since) {
        this(id, space, prefix, part, Optional.empty(), sticky, since);
    }

    /**
     * Refuses what no pool can be.
     *
     * @throws EngineException with {@code INVALID_REQUEST}
     */
    public static void check(IpPrefix prefix) {
        new Subnet(prefix, Optional.empty());
        if (prefix.family() == AddressFamily.INET6 && prefix.overlaps(MAPPED)) {
            throw EngineException.invalid("invalid pool " + prefix + ": IPv4-mapped addresses are no container's");
        }
    }

    /** The addresses that are chosen from. */
    public AddressRange range() {
        if (limits.isPresent()) {
            return limits.get();
        }
        IpPrefix chosenFrom = part.orElse(prefix);
        return AddressRange.usable(prefix, chosenFrom)
                .orElseThrow(() -> EngineException.invalid("no address of " + chosenFrom + " can be a container's"));
    }

    /** All addresses that can be asked for by name. */
    public AddressRange usable() {
        return AddressRange.ofHosts(prefix);
    }

    private static void checkLimits(IpPrefix prefix, AddressRange limits) {
        AddressRange usable = AddressRange.ofHosts(prefix);
        boolean inside = limits.first().family() == prefix.family()
                && limits.last().family() == prefix.family()
                && usable.contains(limits.first())
                && usable.contains(limits.last());
        if (!inside || limits.first().compareTo(limits.last()) > 0) {
            throw EngineException.invalid(
                    "range " + limits + " is not a range of addresses that containers can have in pool " + prefix);
        }
    }

    private static void checkPart(IpPrefix prefix, IpPrefix part) {
        if (!part.network().equals(part)) {
            throw EngineException.invalid("invalid range " + part + ": host bits are set, want " + part.network());
        }
        if (part.family() != prefix.family() || part.length() < prefix.length() || !prefix.contains(part.address())) {
            throw EngineException.invalid("range " + part + " is not inside pool " + prefix);
        }
    }
}
