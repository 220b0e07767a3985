package io.jnet.engine.store;

/**
 * One step from a format of the records to the next one. It knows the tables by the names, and the records by the bytes, that they had in its own
 * two formats, and not by the types of today, which go on changing. It runs in a transaction with the steps before and after it: nothing of it
 * remains when it throws.
 */
@FunctionalInterface
interface Migration {
    void run(MigratedTables tables);
}
