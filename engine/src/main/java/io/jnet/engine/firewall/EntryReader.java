package io.jnet.engine.firewall;

import io.jnet.engine.port.PortRange;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.nftables.SetEntry;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Takes the fields of a set's element, or of what it leads to, from the kernel's bytes, one after the other: the inverse of {@link
 * io.jnet.netlink.nftables.ElementField}. Throws {@link java.nio.BufferUnderflowException} or {@link IllegalArgumentException} for bytes that
 * are no such field. Not thread-safe.
 */
final class EntryReader {
    private static final int NAME_LENGTH = 16;
    /** Fields of a concatenation begin at registers of 32 bits. */
    private static final int REGISTER = 4;

    private final ByteBuffer first;
    private final ByteBuffer last;

    private EntryReader(ByteBuffer first, ByteBuffer last) {
        this.first = first.duplicate();
        this.last = last.duplicate();
    }

    /** The fields of an element's key. */
    static EntryReader ofKey(List<SetEntry> element) {
        SetEntry entry = element.get(0);
        return new EntryReader(entry.key(), entry.keyEnd().orElse(entry.key()));
    }

    /** The fields of what an element leads to. */
    static EntryReader ofData(List<SetEntry> element) {
        ByteBuffer data = element.get(0)
                .data()
                .orElseThrow(() -> new IllegalArgumentException(element.get(0) + " leads nowhere"));
        return new EntryReader(data, data);
    }

    /** The prefix that a key of one field is, whose end is an entry of its own; empty when the interval is no prefix. */
    static Optional<IpPrefix> prefix(List<SetEntry> element) {
        byte[] start = bytes(element.get(0).key());
        BigInteger from = new BigInteger(1, start);
        int bits = start.length * Byte.SIZE;
        BigInteger size = element.size() > 1
                ? new BigInteger(1, bytes(element.get(1).key())).subtract(from)
                : BigInteger.ONE.shiftLeft(bits).subtract(from);
        return size.signum() > 0 && size.bitCount() == 1
                ? Optional.of(new IpPrefix(IpAddress.of(start), bits - size.getLowestSetBit()))
                : Optional.empty();
    }

    InterfaceName name() {
        byte[] bytes = take(NAME_LENGTH);
        return new InterfaceName(new String(bytes, StandardCharsets.US_ASCII).replace("\0", ""));
    }

    IpAddress address(AddressFamily family) {
        return IpAddress.of(take(family.addressLength()));
    }

    /** An interval of addresses that is a prefix. */
    IpPrefix prefix(AddressFamily family) {
        byte[] start = take(first, family.addressLength());
        byte[] end = take(last, family.addressLength());
        BigInteger size =
                new BigInteger(1, end).subtract(new BigInteger(1, start)).add(BigInteger.ONE);
        if (size.signum() <= 0 || size.bitCount() != 1) {
            throw new IllegalArgumentException("no prefix: " + IpAddress.of(start) + " to " + IpAddress.of(end));
        }
        return new IpPrefix(IpAddress.of(start), family.addressBits() - size.getLowestSetBit());
    }

    int protocol() {
        return take(1)[0] & 0xff;
    }

    PortRange ports() {
        return new PortRange(port(take(first, Short.BYTES)), port(take(last, Short.BYTES)));
    }

    private static int port(byte[] bytes) {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort());
    }

    private byte[] take(int length) {
        take(last, length);
        return take(first, length);
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        int padding = (REGISTER - length % REGISTER) % REGISTER;
        from.position(Math.min(from.limit(), from.position() + padding));
        return bytes;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
