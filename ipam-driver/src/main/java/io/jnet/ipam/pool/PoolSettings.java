package io.jnet.ipam.pool;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where pools are chosen from when nobody says which range.
 *
 * @param sources where IPv4 pools are cut from, the first one first
 * @param excluded what no chosen pool overlaps
 */
public record PoolSettings(List<Source> sources, List<IpPrefix> excluded) {
    /** Private ranges (RFC 1918) without that of Docker's default bridge. */
    public static final PoolSettings DEFAULT = new PoolSettings(
            Stream.of("172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8")
                    .map(IpPrefix::parse)
                    .map(prefix -> new Source(prefix, 24))
                    .toList(),
            List.of(IpPrefix.parse("172.17.0.0/16")));

    public PoolSettings {
        sources = List.copyOf(sources);
        excluded = List.copyOf(excluded);
    }

    /**
     * A range that pools are cut from.
     *
     * @param prefix the range
     * @param length the prefix length of the pools
     */
    public record Source(IpPrefix prefix, int length) {
        private static final int LONGEST_4 = 30;
        private static final int LONGEST_6 = 126;

        /**
         * @throws EngineException with {@code INVALID_REQUEST} when no pools of the length can be cut from the range
         */
        public Source {
            Pool.check(prefix);
            int longest = prefix.family() == AddressFamily.INET ? LONGEST_4 : LONGEST_6;
            if (length < prefix.length() || length > longest) {
                throw EngineException.invalid("invalid length /" + length + " for pools of " + prefix + ": want /"
                        + prefix.length() + " to /" + longest);
            }
        }
    }
}
