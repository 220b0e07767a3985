package io.jnet.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NetlinkSocketTest {
    private static final int PORT_ID = 77;
    private static final int TYPE = 100;
    private static final NetlinkRequest REQUEST = NetlinkRequest.of(TYPE, writer -> {}, "change", "thing");

    private final Kernel kernel = new Kernel();
    private final NetlinkSocket socket = new NetlinkSocket(kernel);

    @Test
    void waitsForAllVerdictsWhateverTheirDatagrams() {
        kernel.answer(sent -> List.of(data(sent.get(1)), verdict(sent.get(0), 0)));
        kernel.answerMore(sent -> List.of(verdict(sent.get(1), 0)));
        List<List<NetlinkMessage>> answers = socket.exchange(List.of(REQUEST, REQUEST));
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isEmpty();
        assertThat(answers.get(1)).hasSize(1);
    }

    @Test
    void dropsWhatIsNotForThisExchange() {
        kernel.answer(sent -> List.of(
                message(TYPE, 0, sent.get(0).header().sequence() - 1, PORT_ID, 0),
                message(TYPE, 0, sent.get(0).header().sequence(), PORT_ID + 1, 0),
                message(TYPE, 0, sent.get(0).header().sequence() + 1, PORT_ID, 0),
                verdict(sent.get(0), 0)));
        assertThat(socket.request(REQUEST)).isEmpty();
    }

    @Test
    void aRefusedBatchFrameEndsTheWait() {
        kernel.answer(sent -> List.of(verdict(sent.get(0), 1)));
        assertThatThrownBy(() -> socket.exchange(List.of(REQUEST.withoutAcknowledgement(), REQUEST)))
                .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EPERM));
    }

    @Test
    void readsAListAgainThatChangedMeanwhile() {
        kernel.answer(sent -> List.of(flagged(sent.get(0), NetlinkFlags.NLM_F_DUMP_INTR), done(sent.get(0), 0)));
        kernel.answer(sent -> List.of(flagged(sent.get(0), 0), flagged(sent.get(0), 0), done(sent.get(0), 0)));
        assertThat(socket.dump(REQUEST)).hasSize(2);
        assertThat(kernel.requests).isEqualTo(2);
    }

    @Test
    void givesUpAListThatAlwaysChanges() {
        for (int i = 0; i < 20; i++) {
            kernel.answer(sent -> List.of(flagged(sent.get(0), NetlinkFlags.NLM_F_DUMP_INTR)));
            kernel.answerMore(sent -> List.of(done(sent.get(0), 0)));
        }
        assertThatThrownBy(() -> socket.dump(REQUEST))
                .isInstanceOf(DumpInterruptedException.class)
                .hasMessage("change thing: interrupted (EINTR): changed during each of 10 dumps");
        assertThat(kernel.requests).isEqualTo(10);
    }

    @Test
    void reportsARefusedList() {
        kernel.answer(sent -> List.of(done(sent.get(0), 95)));
        assertThatThrownBy(() -> socket.dump(REQUEST)).hasMessage("change thing: operation not supported (EOPNOTSUPP)");
    }

    @Test
    void describesAFailureOfTheSocketItself() {
        kernel.answer(sent -> {
            throw new KernelException("receive from", "netlink ROUTE", Errno.ENOBUFS);
        });
        assertThatThrownBy(() -> socket.request(REQUEST))
                .isInstanceOf(NetlinkException.class)
                .hasMessage("change thing: no buffer space available (ENOBUFS): receive from netlink ROUTE")
                .hasCauseInstanceOf(KernelException.class);
    }

    /** The kernel begins no list while another one of the socket is not read (net/netlink/af_netlink.c, netlink_dump_start). */
    @Test
    void readsAListToItsEndThatWasBrokenOff() {
        kernel.answer(sent -> List.of(verdict(sent.get(0), 16)));
        kernel.answerMore(sent -> List.of(earlier(TYPE, sent.get(0))));
        kernel.answerMore(sent -> List.of(earlier(ErrorMessage.NLMSG_DONE, sent.get(0))));
        kernel.answer(sent -> List.of(data(sent.get(0)), done(sent.get(0), 0)));
        assertThat(socket.dump(REQUEST)).hasSize(1);
        assertThat(kernel.requests).isEqualTo(2);
    }

    @Test
    void readsAListAgainOfWhichAPartWasLost() {
        kernel.answer(sent -> {
            throw new KernelException("receive from", "netlink ROUTE", Errno.ENOBUFS);
        });
        kernel.answer(sent -> List.of(data(sent.get(0)), done(sent.get(0), 0)));
        assertThat(socket.dump(REQUEST)).hasSize(1);
        assertThat(kernel.requests).isEqualTo(2);
    }

    private static NetlinkMessage earlier(int type, NetlinkMessage request) {
        return message(type, 0, request.header().sequence() - 1, PORT_ID, 0);
    }

    private static NetlinkMessage data(NetlinkMessage request) {
        return flagged(request, 0);
    }

    private static NetlinkMessage flagged(NetlinkMessage request, int flags) {
        return message(TYPE, flags, request.header().sequence(), PORT_ID, 0);
    }

    private static NetlinkMessage done(NetlinkMessage request, int error) {
        return message(ErrorMessage.NLMSG_DONE, 0, request.header().sequence(), PORT_ID, error);
    }

    private static NetlinkMessage verdict(NetlinkMessage request, int error) {
        return message(
                ErrorMessage.NLMSG_ERROR,
                NetlinkFlags.NLM_F_CAPPED,
                request.header().sequence(),
                PORT_ID,
                error);
    }

    private static NetlinkMessage message(int type, int flags, int sequence, int portId, int error) {
        NetlinkWriter payload = NetlinkWriter.create().s32(-error).bytes(new byte[NetlinkHeader.LENGTH]);
        return new NetlinkMessage(new NetlinkHeader(type, flags, sequence, portId), payload.toBytes());
    }

    /** Answers each datagram with the datagrams that were prepared for it. */
    private static final class Kernel implements MessageChannel {
        private final Queue<List<Function<List<NetlinkMessage>, List<NetlinkMessage>>>> prepared = new ArrayDeque<>();
        private final Queue<Function<List<NetlinkMessage>, List<NetlinkMessage>>> pending = new ArrayDeque<>();
        private List<Function<List<NetlinkMessage>, List<NetlinkMessage>>> last = List.of();
        private List<NetlinkMessage> sent = List.of();
        private int requests;

        void answer(Function<List<NetlinkMessage>, List<NetlinkMessage>> datagram) {
            last = new ArrayList<>(List.of(datagram));
            prepared.add(last);
        }

        void answerMore(Function<List<NetlinkMessage>, List<NetlinkMessage>> datagram) {
            last.add(datagram);
        }

        @Override
        public int portId() {
            return PORT_ID;
        }

        @Override
        public void send(byte[] messages) {
            requests++;
            sent = NetlinkMessage.decodeAll(messages);
            pending.addAll(prepared.remove());
        }

        @Override
        public List<NetlinkMessage> receive() {
            return pending.remove().apply(sent);
        }

        @Override
        public void close() {}
    }
}
