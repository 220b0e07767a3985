package io.jnet.ipam.lease;

/** Who has an address. */
public enum LeaseState {
    /** Given away. */
    LEASED,
    /** Free, and of the free ones that were used before. */
    RESTING,
    /** Free, and kept back for the owner that had it, as long as others are free. */
    KEPT
}
