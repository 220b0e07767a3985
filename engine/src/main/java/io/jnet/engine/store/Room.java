package io.jnet.engine.store;

import java.util.List;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Stat;
import org.lmdbjava.Txn;

/**
 * Keeps a part of the file free for what removes. LMDB never writes to a page that is in use: a removal, too, first needs free pages for what it
 * changes, and in a file that is full to its last page nothing can be removed any more. So what is new is refused a while before.
 */
final class Room {
    /** One page in so many stays free. */
    private static final int RESERVE = 16;

    private final Env<byte[]> env;
    private final long limit;

    Room(Env<byte[]> env) {
        this.env = env;
        long pages = env.info().mapSize / env.stat().pageSize;
        limit = pages - pages / RESERVE;
    }

    /** Nothing new may be added. */
    static final class NoneLeftException extends LmdbException {
        private static final long serialVersionUID = 1;

        NoneLeftException() {
            super("the part of the file for new records is full");
        }
    }

    /**
     * To be called before a record is added that was not there.
     *
     * @throws NoneLeftException when only the reserve is left
     */
    void require(List<Dbi<byte[]>> tables, Txn<byte[]> txn) {
        // Most files never were that long. One that was stays so, whatever has been removed since.
        if (env.info().lastPageNumber < limit) {
            return;
        }
        long used = 0;
        for (Dbi<byte[]> table : tables) {
            Stat stat = table.stat(txn);
            used += stat.branchPages + stat.leafPages + stat.overflowPages;
        }
        if (used >= limit) {
            throw new NoneLeftException();
        }
    }
}
