package io.jnet.netlink.socket;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of internet socket addresses.
 *
 * <pre>
 * struct sockaddr_in  { sa_family_t sin_family;  __be16 sin_port;  struct in_addr sin_addr; unsigned char pad[8]; };
 * struct sockaddr_in6 { sa_family_t sin6_family; __be16 sin6_port; __be32 sin6_flowinfo; struct in6_addr sin6_addr;
 *                       __u32 sin6_scope_id; };
 * </pre>
 */
final class SocketAddresses {
    private static final int LENGTH_4 = 16;
    private static final int LENGTH_6 = 28;
    private static final int PORT = 2;
    private static final int ADDRESS_4 = 4;
    private static final int ADDRESS_6 = 8;

    private SocketAddresses() {}

    static byte[] encode(IpAddress address, int port) {
        boolean four = address.family() == AddressFamily.INET;
        ByteBuffer encoded = ByteBuffer.allocate(four ? LENGTH_4 : LENGTH_6);
        encoded.order(ByteOrder.nativeOrder())
                .putShort(0, (short) address.family().number());
        encoded.order(ByteOrder.BIG_ENDIAN).putShort(PORT, (short) port);
        return encoded.put(four ? ADDRESS_4 : ADDRESS_6, address.bytes()).array();
    }

    static int port(byte[] encoded) {
        return ByteBuffer.wrap(encoded).order(ByteOrder.BIG_ENDIAN).getShort(PORT) & 0xffff;
    }
}
