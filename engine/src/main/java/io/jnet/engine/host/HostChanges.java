package io.jnet.engine.host;

import java.time.Duration;

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

    @Override
    void close();
}
