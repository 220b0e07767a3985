package io.jnet.engine.watch;

import io.jnet.netlink.EventsLostException;
import io.jnet.netlink.NetlinkMessage;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears messages of the kernel until it is closed. What could not be heard or understood may have been anything: it counts as a change, so that
 * somebody looks. A failure that lasts makes a look each {@link #pause}, which is told once.
 *
 * @param source waits for the next messages
 * @param concerns whether a message is of a change; remembers what it hears
 * @param lost messages were lost
 * @param changed somebody is to look
 * @param closed whether it has ended
 * @param pause after a failure
 */
record EventListener(
        Supplier<List<NetlinkMessage>> source,
        Predicate<NetlinkMessage> concerns,
        Runnable lost,
        Runnable changed,
        BooleanSupplier closed,
        Duration pause)
        implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EventListener.class);

    @Override
    public void run() {
        String told = "";
        while (!closed.getAsBoolean()) {
            try {
                List<NetlinkMessage> messages = source.get();
                // All of them: what is heard is also remembered.
                if (messages.stream().filter(concerns).count() > 0) {
                    changed.run();
                }
                told = "";
            } catch (EventsLostException many) {
                startAgain();
            } catch (RuntimeException failure) {
                if (closed.getAsBoolean()) {
                    return;
                }
                if (!told.equals(failure.toString())) {
                    LOG.error(
                            "cannot hear what others change on the host, and looks for it instead: {}",
                            failure.getMessage());
                    told = failure.toString();
                }
                startAgain();
                if (isInterruptedWithin(pause)) {
                    return;
                }
            }
        }
    }

    private void startAgain() {
        lost.run();
        changed.run();
    }

    private static boolean isInterruptedWithin(Duration time) {
        try {
            Thread.sleep(time.toMillis());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
