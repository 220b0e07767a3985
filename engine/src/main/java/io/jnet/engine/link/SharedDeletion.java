package io.jnet.engine.link;

import io.jnet.netlink.link.Links;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Deletions of links that are asked for at the same time, done together: the kernel waits some 10 ms for each request (an RCU grace
 * period), however many links the request names. Who comes while one batch is under way goes with the next one.
 */
final class SharedDeletion {
    private final Links links;
    private final OwnDeletions own;
    private final Object execution = new Object();
    private Batch collecting = new Batch();

    SharedDeletion(Links links, OwnDeletions own) {
        this.links = links;
        this.own = own;
    }

    /** Deletes a link, and returns when it is gone. */
    void delete(int index) {
        Batch batch = join(index);
        synchronized (execution) {
            if (!batch.done) {
                closeForOthers(batch);
                batch.run(links, own);
            }
        }
        batch.failure.ifPresent(failure -> {
            throw failure;
        });
    }

    private synchronized Batch join(int index) {
        collecting.indexes.add(index);
        return collecting;
    }

    private synchronized void closeForOthers(Batch batch) {
        if (collecting == batch) {
            collecting = new Batch();
        }
    }

    private static final class Batch {
        private final Set<Integer> indexes = new HashSet<>();
        private boolean done;
        private Optional<RuntimeException> failure = Optional.empty();

        void run(Links links, OwnDeletions own) {
            own.begin(indexes);
            try {
                links.deleteAll(indexes);
            } catch (RuntimeException e) {
                own.giveUp(indexes);
                failure = Optional.of(e);
            }
            done = true;
        }
    }
}
