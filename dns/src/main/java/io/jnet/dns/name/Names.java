package io.jnet.dns.name;

import io.jnet.engine.resolve.Directory;
import java.util.Optional;

/** The names of now: an index of the directory, made anew by the first who asks after a change. */
public final class Names {
    private final Directory directory;
    private volatile Optional<NameIndex> index = Optional.empty();

    public Names(Directory directory) {
        this.directory = directory;
    }

    /** As new as the directory is when this is called, or newer. */
    public NameIndex now() {
        Optional<NameIndex> known = index;
        return known.isPresent() && known.get().generation() == directory.generation() ? known.get() : renewed();
    }

    private synchronized NameIndex renewed() {
        long generation = directory.generation();
        if (index.isEmpty() || index.get().generation() != generation) {
            index = Optional.of(
                    index.orElseGet(NameIndex::empty).after(generation, directory.networks(), directory.endpoints()));
        }
        return index.get();
    }
}
