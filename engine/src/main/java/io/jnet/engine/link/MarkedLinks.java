package io.jnet.engine.link;

import java.util.List;

/** The links of the host that carry jnet's mark, whichever state's it is. */
public interface MarkedLinks {
    /**
     * All that are in place: bridges, ports of bridges, ifb links that are up. A link that a container had, and may have marked, comes back
     * as neither.
     */
    List<MarkedLink> inPlace();

    /** Removes one, if it is still as it was found. */
    void remove(MarkedLink link);

    /** Gives one that was found another alias; does nothing when it has gone since. */
    void mark(MarkedLink link, String alias);

    /** The neighbours that the host was told by a program, as it is told the containers' addresses when their links are made. */
    List<LearnedNeighbour> neighbours();
}
