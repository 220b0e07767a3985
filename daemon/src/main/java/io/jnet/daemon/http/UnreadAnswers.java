package io.jnet.daemon.http;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Frees a handler's thread from its client: what it answers is kept here until the client takes it, so that clients that do not read,
 * however many, keep nobody from being answered.
 *
 * <p>Memory is what they could use up instead. Of one answer {@link #OWN} bytes are kept; the handler of a larger one waits for its client, and {@link
 * #LARGE} of those may wait at a time. Of all answers {@link #ALL} bytes are kept. Where that is not enough, the client whose answer has waited
 * longest loses its connection.
 */
final class UnreadAnswers extends Handler.Wrapper {
    private static final int OWN = 1024 * 1024;
    private static final int ALL = 6 * 1024 * 1024;
    /** Half of the threads of the smallest server. */
    private static final int LARGE = 2;

    /** Those that are not taken yet, oldest first. */
    private final Set<KeptAnswer> kept = new LinkedHashSet<>();

    UnreadAnswers(Handler next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        KeptAnswer answer = new KeptAnswer(this, request, response, callback);
        return super.handle(request, answer, answer.completion());
    }

    /**
     * Makes room for a part of an answer.
     *
     * @return whether the handler may go on at once
     */
    boolean keep(KeptAnswer answer, int bytes) {
        boolean fits;
        Optional<KeptAnswer> victim = Optional.empty();
        synchronized (kept) {
            kept.add(answer);
            fits = answer.add(bytes) <= OWN;
            long all = kept.stream().mapToLong(KeptAnswer::size).sum();
            long large = kept.stream().filter(one -> one.size() > OWN).count();
            if (all > ALL || large > LARGE) {
                victim = oldest(answer, all <= ALL);
            }
        }
        victim.ifPresent(KeptAnswer::abort);
        return fits;
    }

    /** Part of an answer has been taken, or all of it given up. */
    void release(KeptAnswer answer, int bytes) {
        synchronized (kept) {
            if (answer.add(-bytes) == 0) {
                kept.remove(answer);
            }
        }
    }

    private Optional<KeptAnswer> oldest(KeptAnswer newest, boolean onlyLarge) {
        for (Iterator<KeptAnswer> answers = kept.iterator(); answers.hasNext(); ) {
            KeptAnswer answer = answers.next();
            if (answer != newest && (!onlyLarge || answer.size() > OWN)) {
                answers.remove();
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }
}
