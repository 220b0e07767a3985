package io.jnet.engine.store;

/** Tables whose records are another module's own: the store keeps their bytes, in the same file and the same transactions. */
public enum SideTable {
    /** Address pools. */
    POOL("pool"),
    /** Leases of addresses, by pool and address. */
    LEASE("lease"),
    /** Free addresses that were used before, by pool and the order in which they were released. */
    LEASE_ORDER("lease-order"),
    /** Which address an owner has or had, by pool and owner. */
    LEASE_OWNER("lease-owner");

    private final String database;

    SideTable(String database) {
        this.database = database;
    }

    String database() {
        return database;
    }
}
