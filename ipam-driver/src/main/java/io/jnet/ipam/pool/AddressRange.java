package io.jnet.ipam.pool;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Addresses in a row.
 *
 * @param first the lowest
 * @param last the highest, of the same family
 */
public record AddressRange(IpAddress first, IpAddress last) {

    /** All addresses of a prefix. */
    public static AddressRange of(IpPrefix prefix) {
        return new AddressRange(prefix.network().address(), prefix.last());
    }

    /**
     * The addresses of {@code part} that a host can have in {@code prefix}: without the network's own, and without the broadcast address
     * of IPv4. A prefix of one or two addresses has none to spare (RFC 3021, RFC 6164). Empty when nothing is left.
     */
    public static Optional<AddressRange> usable(IpPrefix prefix, IpPrefix part) {
        AddressRange whole = of(part);
        if (prefix.family().addressBits() - prefix.length() <= 1) {
            return Optional.of(whole);
        }
        IpAddress first = whole.first.equals(prefix.network().address()) ? next(whole.first) : whole.first;
        boolean broadcast = prefix.family() == AddressFamily.INET && whole.last.equals(prefix.last());
        IpAddress last = broadcast ? plus(whole.last, BigInteger.ONE.negate()) : whole.last;
        return first.compareTo(last) <= 0 ? Optional.of(new AddressRange(first, last)) : Optional.empty();
    }

    /** The addresses of a prefix that hosts can have, as {@link #usable} has them: of a whole prefix, however long, there is one at least. */
    public static AddressRange ofHosts(IpPrefix prefix) {
        return usable(prefix, prefix).orElseThrow();
    }

    /** Whether the address is one of them. */
    public boolean contains(IpAddress address) {
        return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /** How many there are. */
    public BigInteger size() {
        return number(last).subtract(number(first)).add(BigInteger.ONE);
    }

    /** The address after one of them; the first after the last. */
    public IpAddress after(IpAddress address) {
        return address.equals(last) ? first : next(address);
    }

    /**
     * The address {@code distance} further.
     *
     * @throws IllegalArgumentException when the family has no such address
     */
    public static IpAddress plus(IpAddress address, BigInteger distance) {
        BigInteger sum = number(address).add(distance);
        byte[] bytes = new byte[address.family().addressLength()];
        if (sum.signum() < 0 || sum.bitLength() > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException("no address " + distance + " after " + address);
        }
        byte[] digits = sum.toByteArray();
        int length = Math.min(digits.length, bytes.length);
        System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
        return IpAddress.of(bytes);
    }

    private static IpAddress next(IpAddress address) {
        return plus(address, BigInteger.ONE);
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.bytes());
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
