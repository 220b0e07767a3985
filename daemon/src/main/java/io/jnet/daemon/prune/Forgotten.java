package io.jnet.daemon.prune;

/**
 * Something that the daemon keeps for Docker and that Docker does not know.
 *
 * @param kind what it is
 * @param id its identity
 * @param name for people: a network's name, an endpoint's addresses and network, a pool's range
 * @param use where it is in use, in words; empty where nobody uses it
 * @param ofOthers whether containers use it that are not Docker's: nobody here may cut them off
 */
public record Forgotten(Kind kind, String id, String name, String use, boolean ofOthers) {

    /** What it is, in the order in which they are removed. */
    public enum Kind {
        /** A container's connection to a network. */
        ENDPOINT("forgotten-endpoints"),
        /** A network, with what unused endpoints are left on it. */
        NETWORK("forgotten-networks"),
        /** A range that {@code --ipam-driver jnet} has given to a network. */
        POOL("forgotten-pools");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        /** Where the daemon is asked to remove one. */
        String path() {
            return path;
        }
    }

    /** Whether somebody uses it. */
    public boolean isInUse() {
        return !use.isEmpty();
    }
}
