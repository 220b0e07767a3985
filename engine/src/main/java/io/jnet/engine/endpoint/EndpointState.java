package io.jnet.engine.endpoint;

/** How far an endpoint's life has come. */
public enum EndpointState {
    /** Recorded, without links. */
    CREATED,
    /** The veth pair is being made. */
    JOINING,
    /** The veth pair exists; its far end is the container's, or on its way there. */
    JOINED,
    /** The container has left; the veth pair may still exist. */
    LEFT,
    /** Recorded as going; the veth pair or ports may remain. */
    DELETING
}
