package io.jnet.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests that went out in one datagram, and what has come back for them so far. */
final class Exchange {
    private final List<NetlinkRequest> requests;
    private final int firstSequence;
    private final List<List<NetlinkMessage>> answers = new ArrayList<>();
    private final List<Optional<ErrorMessage>> verdicts = new ArrayList<>();
    private int outstanding;

    Exchange(List<NetlinkRequest> requests, int firstSequence) {
        this.requests = requests;
        this.firstSequence = firstSequence;
        for (NetlinkRequest request : requests) {
            answers.add(new ArrayList<>());
            verdicts.add(Optional.empty());
            outstanding += request.isAcknowledged() ? 1 : 0;
        }
    }

    byte[] encode(int portId) {
        NetlinkWriter writer = NetlinkWriter.create();
        for (int i = 0; i < requests.size(); i++) {
            requests.get(i).write(writer, firstSequence + i, portId);
        }
        return writer.toBytes();
    }

    boolean isComplete() {
        return outstanding == 0;
    }

    /** Takes an answer with our port id; one to an earlier exchange, given up after an error, is dropped. */
    void accept(NetlinkMessage message) {
        // The difference of two sequence numbers is right across their wrap-around.
        int index = message.header().sequence() - firstSequence;
        if (index < 0 || index >= requests.size()) {
            return;
        }
        if (message.type() == ErrorMessage.NLMSG_ERROR) {
            verdict(index, ErrorMessage.decode(message));
        } else {
            answers.get(index).add(message);
        }
    }

    /**
     * The answers, one list for each request.
     *
     * @throws NetlinkException the first refusal; those of later requests are suppressed in it
     */
    List<List<NetlinkMessage>> result() {
        List<NetlinkException> refusals = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            NetlinkRequest.Description description = requests.get(i).description();
            verdicts.get(i)
                    .filter(verdict -> !verdict.isSuccess())
                    .ifPresent(verdict -> refusals.add(verdict.toException(description)));
        }
        if (!refusals.isEmpty()) {
            NetlinkException first = refusals.get(0);
            refusals.subList(1, refusals.size()).forEach(first::addSuppressed);
            throw first;
        }
        return answers;
    }

    private void verdict(int index, ErrorMessage verdict) {
        boolean first = verdicts.get(index).isEmpty();
        verdicts.set(index, Optional.of(verdict));
        if (!requests.get(index).isAcknowledged()) {
            // An answer to the frame of a batch: the kernel dropped all of it (net/netfilter/nfnetlink.c,
            // nfnetlink_rcv_batch).
            outstanding = 0;
        } else if (first && outstanding > 0) {
            outstanding--;
        }
    }
}
