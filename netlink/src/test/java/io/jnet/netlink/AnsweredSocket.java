package io.jnet.netlink;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import java.util.List;

/** A socket at whose other end is no kernel, but bytes: what each request is answered, once. */
public final class AnsweredSocket {
    private AnsweredSocket() {}

    /**
     * @param datagram messages; they get the sequence number and port id of an answer, since others are none
     * @throws NetlinkException when they are no messages
     */
    public static NetlinkSocket by(byte[] datagram) {
        return new NetlinkSocket(new Channel(NetlinkMessage.decodeAll(datagram)));
    }

    private static final class Channel implements MessageChannel {
        private static final int PORT_ID = 77;

        private final List<NetlinkMessage> answer;
        private int sequence;
        private boolean answered;

        Channel(List<NetlinkMessage> answer) {
            this.answer = answer;
        }

        @Override
        public int portId() {
            return PORT_ID;
        }

        @Override
        public void send(byte[] messages) {
            sequence = NetlinkMessage.decodeAll(messages).get(0).header().sequence();
            answered = false;
        }

        /** The second time is where a real socket gives up waiting. */
        @Override
        public List<NetlinkMessage> receive() {
            if (answered) {
                throw new KernelException("receive from", "bytes", Errno.EAGAIN);
            }
            answered = true;
            return answer.stream().map(this::addressed).toList();
        }

        @Override
        public void close() {}

        private NetlinkMessage addressed(NetlinkMessage message) {
            NetlinkHeader header = message.header();
            return new NetlinkMessage(
                    new NetlinkHeader(header.type(), header.flags(), sequence, PORT_ID), message.payload());
        }
    }
}
