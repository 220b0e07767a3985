package io.jnet.netlink.socket;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The bytes of internet socket addresses.
 *
 * <pre>
 * struct sockaddr_in  { sa_family_t sin_family;  __be16 sin_port;  struct in_addr sin_addr; unsigned char pad[8]; };
 * struct sockaddr_in6 { sa_family_t sin6_family; __be16 sin6_port; __be32 sin6_flowinfo; struct in6_addr sin6_addr;
 *                       __u32 sin6_scope_id; };
 * </pre>
 */
public final class SocketAddresses {
    private static final int LENGTH_4 = 16;
    private static final int LENGTH_6 = 28;
    private static final int PORT = 2;
    private static final int ADDRESS_4 = 4;
    private static final int ADDRESS_6 = 8;

    private static final int SCOPE_6 = 24;
    private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");

    private SocketAddresses() {}

    /** The {@code sockaddr} of an address and a port. */
    public static byte[] encode(IpAddress address, int port) {
        boolean four = address.family() == AddressFamily.INET;
        ByteBuffer encoded = ByteBuffer.allocate(four ? LENGTH_4 : LENGTH_6);
        encoded.order(ByteOrder.nativeOrder())
                .putShort(0, (short) address.family().number());
        encoded.order(ByteOrder.BIG_ENDIAN).putShort(PORT, (short) port);
        return encoded.put(four ? ADDRESS_4 : ADDRESS_6, address.bytes()).array();
    }

    /** The port of a {@code sockaddr}. */
    public static int port(byte[] encoded) {
        return ByteBuffer.wrap(encoded).order(ByteOrder.BIG_ENDIAN).getShort(PORT) & 0xffff;
    }

    /** The address of a {@code sockaddr_in} or {@code sockaddr_in6}; an IPv4 one where it is mapped into IPv6. */
    public static IpAddress address(ByteBuffer sockaddr) {
        byte[] encoded = new byte[sockaddr.remaining()];
        sockaddr.duplicate().get(encoded);
        int family = ByteBuffer.wrap(encoded).order(ByteOrder.nativeOrder()).getShort(0);
        if (family == AddressFamily.INET.number()) {
            return IpAddress.of(Arrays.copyOfRange(encoded, ADDRESS_4, ADDRESS_4 + Integer.BYTES));
        }
        byte[] bytes = Arrays.copyOfRange(encoded, ADDRESS_6, SCOPE_6);
        boolean mapped = Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return IpAddress.of(mapped ? Arrays.copyOfRange(bytes, MAPPED.length, bytes.length) : bytes);
    }

    /** The index of the link that a link-local address of a {@code sockaddr_in6} is on; 0 for other addresses. */
    public static int scope(ByteBuffer sockaddr) {
        ByteBuffer bytes = sockaddr.duplicate().order(ByteOrder.nativeOrder());
        return bytes.getShort(0) == AddressFamily.INET6.number() ? bytes.getInt(SCOPE_6) : 0;
    }
}
