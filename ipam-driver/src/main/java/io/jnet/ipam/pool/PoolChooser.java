package io.jnet.ipam.pool;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses a range that overlaps nothing that is known. */
final class PoolChooser {
    private static final int LOCAL_LENGTH = 48;
    private static final int NETWORK_LENGTH = 64;
    private static final byte UNIQUE_LOCAL = (byte) 0xfd;

    private PoolChooser() {}

    /**
     * The lowest free range of the first source that has one.
     *
     * @param taken what it must not overlap
     * @throws EngineException with {@code EXHAUSTED} that names the sources
     */
    static IpPrefix choose(List<PoolSettings.Source> sources, Collection<IpPrefix> taken) {
        return sources.stream()
                .flatMap(source -> lowestFree(source, taken).stream())
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        ErrorCode.EXHAUSTED,
                        "no free address pool is left: each of "
                                + sources.stream()
                                        .map(source -> "the /" + source.length() + " in " + source.prefix())
                                        .collect(Collectors.joining(", "))
                                + " overlaps another pool, or a route, an address or a name server of this host: "
                                + "choose one with --subnet"));
    }

    /** Where IPv6 pools are cut from: a /48 of random digits (RFC 4193 section 3.2). */
    static IpPrefix drawLocalPrefix() {
        byte[] bytes = new byte[AddressFamily.INET6.addressLength()];
        byte[] random = new byte[LOCAL_LENGTH / Byte.SIZE];
        new SecureRandom().nextBytes(random);
        System.arraycopy(random, 0, bytes, 0, random.length);
        bytes[0] = UNIQUE_LOCAL;
        return new IpPrefix(IpAddress.of(bytes), LOCAL_LENGTH);
    }

    /** The /64 networks of a /48. */
    static PoolSettings.Source networksOf(IpPrefix localPrefix) {
        return new PoolSettings.Source(localPrefix, NETWORK_LENGTH);
    }

    private static Optional<IpPrefix> lowestFree(PoolSettings.Source source, Collection<IpPrefix> taken) {
        IpAddress last = source.prefix().last();
        List<IpPrefix> here =
                taken.stream().filter(source.prefix()::overlaps).distinct().toList();
        Optional<IpPrefix> candidate = Optional.of(new IpPrefix(source.prefix().address(), source.length()));
        while (candidate.isPresent()) {
            IpPrefix range = candidate.get();
            Optional<IpAddress> end = here.stream()
                    .filter(range::overlaps)
                    .flatMap(other -> Stream.of(other.last(), range.last()))
                    .max(IpAddress::compareTo);
            if (end.isEmpty()) {
                return candidate;
            }
            // Past the end of what is in the way: the next multiple of the length is at or behind it.
            candidate = next(end.get(), last).map(address -> new IpPrefix(address, source.length()));
        }
        return Optional.empty();
    }

    private static Optional<IpAddress> next(IpAddress end, IpAddress last) {
        return end.compareTo(last) >= 0 ? Optional.empty() : Optional.of(AddressRange.plus(end, BigInteger.ONE));
    }
}
