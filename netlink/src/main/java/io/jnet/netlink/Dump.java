package io.jnet.netlink;

import java.util.ArrayList;
import java.util.List;

/** One attempt at a dump: messages with NLM_F_MULTI up to NLMSG_DONE, which carries a verdict. */
final class Dump {
    private final NetlinkRequest request;
    private final int sequence;
    private final List<NetlinkMessage> messages = new ArrayList<>();
    private boolean interrupted;
    private boolean complete;

    Dump(NetlinkRequest request, int sequence) {
        this.request = request;
        this.sequence = sequence;
    }

    /**
     * @throws NetlinkException when the message is the kernel's refusal
     */
    void accept(NetlinkMessage message) {
        if (message.header().sequence() != sequence) {
            return;
        }
        interrupted |= message.hasFlags(NetlinkFlags.NLM_F_DUMP_INTR);
        switch (message.type()) {
            case ErrorMessage.NLMSG_ERROR, ErrorMessage.NLMSG_DONE -> finish(ErrorMessage.decode(message));
            default -> messages.add(message);
        }
    }

    /** Whether the verdict has come. */
    boolean isComplete() {
        return complete;
    }

    /** Whether nothing changed while the list was read. */
    boolean isConsistent() {
        return !interrupted;
    }

    List<NetlinkMessage> messages() {
        return List.copyOf(messages);
    }

    private void finish(ErrorMessage verdict) {
        complete = true;
        if (!verdict.isSuccess()) {
            throw verdict.toException(request.description());
        }
    }
}
