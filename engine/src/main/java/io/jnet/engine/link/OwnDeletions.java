package io.jnet.engine.link;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The links that jnet itself is deleting: what the kernel tells of them is nobody's damage. */
public final class OwnDeletions {
    /** When the kernel's news of a deletion was lost it stays here until so many others have followed. */
    private static final int MOST = 4096;

    private final Set<Integer> indexes = new LinkedHashSet<>();

    /**
     * Before the request.
     *
     * @param indexes of links
     */
    synchronized void begin(Collection<Integer> indexes) {
        this.indexes.addAll(indexes);
        Iterator<Integer> oldest = this.indexes.iterator();
        for (int surplus = this.indexes.size() - MOST; surplus > 0; surplus--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** When the request was refused: somebody else may delete them now. */
    synchronized void giveUp(Collection<Integer> indexes) {
        this.indexes.removeAll(Set.copyOf(indexes));
    }

    /** Whether a link is about to be deleted, or has just been. */
    public synchronized boolean contains(int index) {
        return indexes.contains(index);
    }

    /** Takes note of the kernel's word that a link is gone. */
    public synchronized void end(int index) {
        indexes.remove(index);
    }
}
