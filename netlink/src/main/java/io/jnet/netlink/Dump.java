package io.jnet.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One attempt at a dump: messages with NLM_F_MULTI up to NLMSG_DONE, which carries a verdict. */
final class Dump<T> {
    private final NetlinkRequest request;
    private final int sequence;
    private final Function<NetlinkMessage, Optional<T>> selection;
    private final List<T> selected = new ArrayList<>();
    private boolean interrupted;
    private boolean complete;

    Dump(NetlinkRequest request, int sequence, Function<NetlinkMessage, Optional<T>> selection) {
        this.request = request;
        this.sequence = sequence;
        this.selection = selection;
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
            default -> selection.apply(message).ifPresent(selected::add);
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

    List<T> selected() {
        return List.copyOf(selected);
    }

    private void finish(ErrorMessage verdict) {
        complete = true;
        if (!verdict.isSuccess()) {
            throw verdict.toException(request.description());
        }
    }
}
