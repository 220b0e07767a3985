package io.jnet.engine.watch;

import java.time.Duration;
import java.util.Optional;

/**
 * What others change on the host and jnet has to follow: the rules of other programs, which bridges are uplinks, links that go with a
 * container.
 *
 * <p>One thread calls {@link #await}; any thread ends that with {@link #close}.
 */
public interface HostChanges extends AutoCloseable {

    /**
     * Blocks until something has changed since the last call returned, or for {@code longest}; changes that come together count as one.
     *
     * @return false when closed
     */
    boolean await(Duration longest);

    /**
     * Blocks for a time, or until somebody has taken away what a host with networks of jnet may need.
     *
     * @return whether it was that
     */
    boolean rest(Duration longest);

    /**
     * The name of the process that has taken rules of the host's nftables away since this was last asked, where it is another one and the
     * kernel has told of it.
     */
    Optional<String> remover();

    /** Has {@link #await} return, for a change that was heard of elsewhere. Any thread. */
    void announce();

    @Override
    void close();
}
