package io.jnet.netlink;

import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Requests to the kernel and their answers. Extended acknowledgements and strict checking are on; sequence and port id of every answer
 * are checked.
 *
 * <p>A socket speaks to the network namespace of the thread that opened it, whichever thread uses it later. One lock: calls from several
 * threads follow each other.
 */
public final class NetlinkSocket implements AutoCloseable {
    private static final int MAX_DUMPS = 10;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;
    /** The kernel answers before {@code send} returns; this only ends a wait that a kernel bug would make endless. */
    private static final int ANSWER_SECONDS = 30;

    private final Object lock = new Object();
    private final MessageChannel socket;
    private int nextSequence = 1;

    NetlinkSocket(MessageChannel socket) {
        this.socket = socket;
    }

    /**
     * Opens a socket in the network namespace of the calling thread.
     *
     * @throws KernelException when the kernel refuses
     */
    public static NetlinkSocket open(NetlinkProtocol protocol) {
        return of(BoundSocket.open(protocol));
    }

    /**
     * Takes over a socket that another process has opened, and done nothing else with; it speaks to the namespace that it was opened in. The kernel asks
     * for the permission of both, who opened and who sends.
     *
     * @throws KernelException when it is something else; the descriptor is closed then
     */
    public static NetlinkSocket of(Descriptor opened, NetlinkProtocol protocol) {
        try {
            return of(BoundSocket.of(opened, protocol));
        } catch (RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    private static NetlinkSocket of(BoundSocket socket) {
        socket.limitReceive(ANSWER_SECONDS);
        return new NetlinkSocket(socket);
    }

    /**
     * Sends one request and waits for the kernel's verdict.
     *
     * @return the messages that came before it: one for a request that gets a single object, none for one that changes something
     * @throws NetlinkException when the kernel refuses
     */
    public List<NetlinkMessage> request(NetlinkRequest request) {
        return exchange(List.of(request)).get(0);
    }

    /**
     * Sends several requests in ONE datagram and waits for all verdicts. The kernel handles them in order, and rtnetlink goes on after a
     * refusal; an nfnetlink batch ({@link NetfilterBatch}) takes effect as a whole or not at all.
     *
     * @return for each request the messages that came before its verdict
     * @throws NetlinkException the first refusal, which describes its request; the others are suppressed in it. With ENOBUFS or EAGAIN
     *     the outcome is unknown.
     */
    public List<List<NetlinkMessage>> exchange(List<NetlinkRequest> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        synchronized (lock) {
            Exchange exchange = new Exchange(requests, takeSequences(requests.size()));
            NetlinkRequest.Description description = requests.get(0).description();
            try {
                socket.send(exchange.encode(socket.portId()));
                while (!exchange.isComplete()) {
                    receive().forEach(exchange::accept);
                }
            } catch (NetlinkException failure) {
                throw failure;
            } catch (KernelException failure) {
                throw describe(description, failure);
            }
            return exchange.result();
        }
    }

    /**
     * Lists objects. A list that was changed while it was read, or of which a part was lost, is read again, a bounded number of times.
     *
     * @param request a request that gets; the dump flag is added
     * @throws DumpInterruptedException when that was so each time
     * @throws NetlinkException when the kernel refuses
     */
    public List<NetlinkMessage> dump(NetlinkRequest request) {
        return dump(request, Optional::of);
    }

    /**
     * Lists objects as {@link #dump(NetlinkRequest)} does, of which only some are kept: for lists that are long.
     *
     * @param selection what to keep of a message; called as the messages arrive, again for each time that the list is read
     */
    public <T> List<T> dump(NetlinkRequest request, Function<NetlinkMessage, Optional<T>> selection) {
        NetlinkRequest dump = request.withFlags(NetlinkFlags.NLM_F_DUMP).withoutAcknowledgement();
        synchronized (lock) {
            try {
                for (int attempt = 0; attempt < MAX_DUMPS; attempt++) {
                    pause(attempt);
                    Optional<List<T>> selected = dumpOnce(dump, selection);
                    if (selected.isPresent()) {
                        return selected.get();
                    }
                }
            } catch (NetlinkException failure) {
                throw failure;
            } catch (KernelException failure) {
                throw describe(request.description(), failure);
            }
        }
        throw new DumpInterruptedException(
                request.description().operation(), request.description().object(), MAX_DUMPS);
    }

    /** Closes the socket after the call that is under way, if any. */
    @Override
    public void close() {
        synchronized (lock) {
            socket.close();
        }
    }

    /** What comes and goes in step with the reading is not met each time. */
    private static void pause(int attempt) {
        if (attempt > 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(attempt * LONGEST_PAUSE_NANOS));
        }
    }

    /** Empty when the list is to be read again. */
    private <T> Optional<List<T>> dumpOnce(NetlinkRequest request, Function<NetlinkMessage, Optional<T>> selection) {
        int sequence = takeSequences(1);
        NetlinkWriter writer = NetlinkWriter.create();
        request.write(writer, sequence, socket.portId());
        socket.send(writer.toBytes());
        Dump<T> dump = new Dump<>(request, sequence, selection);
        try {
            while (!dump.isComplete()) {
                receive().forEach(dump::accept);
            }
        } catch (NetlinkException refused) {
            if (!refused.errno().equals(Errno.EBUSY)) {
                throw refused;
            }
            readToTheEnd();
            return Optional.empty();
        } catch (KernelException lost) {
            if (!lost.errno().equals(Errno.ENOBUFS)) {
                throw lost;
            }
            return Optional.empty();
        }
        return dump.isConsistent() ? Optional.of(dump.selected()) : Optional.empty();
    }

    /** Reads the list that an earlier failure broke off: as long as it is not read the kernel begins no other one (EBUSY). */
    private void readToTheEnd() {
        boolean ended = false;
        while (!ended) {
            ended = receive().stream().anyMatch(message -> message.type() == ErrorMessage.NLMSG_DONE);
        }
    }

    /** Messages for this socket's port id; anything else is not an answer to us. */
    private List<NetlinkMessage> receive() {
        List<NetlinkMessage> ours = new ArrayList<>(socket.receive());
        ours.removeIf(message -> message.header().portId() != socket.portId());
        return ours;
    }

    private int takeSequences(int count) {
        int first = nextSequence;
        nextSequence += count;
        return first;
    }

    private static NetlinkException describe(NetlinkRequest.Description description, KernelException failure) {
        NetlinkException described = new NetlinkException(
                description.operation(),
                description.object(),
                failure.errno(),
                failure.operation() + " " + failure.object(),
                NetlinkException.NO_OFFSET);
        described.initCause(failure);
        return described;
    }
}
