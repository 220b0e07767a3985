package io.jnet.netlink;

import java.util.List;

/** The kernel, whose lists change each time that they are read: every list is marked so, as it does while links come and go. */
public final class RestlessKernel {
    private RestlessKernel() {}

    /** Opens a socket in the network namespace of the calling thread. */
    public static NetlinkSocket open(NetlinkProtocol protocol) {
        return new NetlinkSocket(new Channel(BoundSocket.open(protocol)));
    }

    private static final class Channel implements MessageChannel {
        private final MessageChannel kernel;

        Channel(MessageChannel kernel) {
            this.kernel = kernel;
        }

        @Override
        public int portId() {
            return kernel.portId();
        }

        @Override
        public void send(byte[] messages) {
            kernel.send(messages);
        }

        @Override
        public List<NetlinkMessage> receive() {
            return kernel.receive().stream().map(Channel::interrupted).toList();
        }

        @Override
        public void close() {
            kernel.close();
        }

        private static NetlinkMessage interrupted(NetlinkMessage message) {
            NetlinkHeader header = message.header();
            boolean listed = (header.flags() & NetlinkFlags.NLM_F_MULTI) != 0;
            return new NetlinkMessage(
                    new NetlinkHeader(
                            header.type(),
                            header.flags() | (listed ? NetlinkFlags.NLM_F_DUMP_INTR : 0),
                            header.sequence(),
                            header.portId()),
                    message.payload());
        }
    }
}
