package io.jnet.netlink;

/**
 * The address of a netlink socket.
 *
 * <pre>
 * struct sockaddr_nl { sa_family_t nl_family; unsigned short nl_pad; __u32 nl_pid; __u32 nl_groups; };
 * </pre>
 *
 * @param portId 0 for the kernel, and to let the kernel choose
 */
record SocketAddress(int portId) {
    static final int AF_NETLINK = 16;

    /** The address that lets bind(2) choose a port id and joins no group. */
    static SocketAddress any() {
        return new SocketAddress(0);
    }

    static SocketAddress decode(byte[] address) {
        NetlinkReader reader = NetlinkReader.of(address);
        int family = reader.u16();
        reader.u16();
        int portId = reader.s32();
        if (family != AF_NETLINK) {
            reader.fail("address family " + family);
        }
        reader.finish("netlink socket address");
        return new SocketAddress(portId);
    }

    byte[] encode() {
        return NetlinkWriter.create().u16(AF_NETLINK).u16(0).s32(portId).u32(0).toBytes();
    }

    boolean isKernel() {
        return portId == 0;
    }
}
