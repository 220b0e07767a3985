package io.jnet.engine.store;

/** Tables whose records are another module's own: the store keeps their bytes, in the same file and the same transactions. */
public enum SideTable {
    /** Address pools. */
    POOL("pool", false),
    /** Leases of addresses, by pool and address. */
    LEASE("lease", false),
    /** Free addresses that were used before, by pool and the order in which they were released. */
    LEASE_ORDER("lease-order", true),
    /** Which address an owner has or had, by pool and owner. */
    LEASE_OWNER("lease-owner", true);

    private final String database;

    private final boolean index;

    SideTable(String database, boolean index) {
        this.database = database;
        this.index = index;
    }

    /** Whether its records follow those of another table, and may come to be when those are given up. */
    boolean isIndex() {
        return index;
    }

    String database() {
        return database;
    }
}
