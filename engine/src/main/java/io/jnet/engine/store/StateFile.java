package io.jnet.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/**
 * Looks through LMDB's file before LMDB does, which maps it and believes what it finds: a page that is missing or is none would end the
 * process. The layout is that of LMDB 0.9 on 64 bits (mdb.c: MDB_page, MDB_node, MDB_db, MDB_meta), in the machine's byte order. Contents of
 * records are not looked at: whoever decodes them does that.
 *
 * <p>Nothing in the file is a checksum, but much is said twice: how many pages and records a table has, which pages are free, and which
 * transaction was the last. A page of another time or a meta page that is half of one transaction and half of another contradicts that.
 */
final class StateFile {
    private static final int PAGE_HEADER = 16;
    private static final int NODE_HEADER = 8;
    private static final int META_BYTES = 152;

    private static final int MAGIC = 0xBEEFC0DE;
    private static final int VERSION = 1;

    private static final int BRANCH = 0x01;
    private static final int LEAF = 0x02;
    private static final int OVERFLOW = 0x04;
    private static final int BIG_DATA = 0x01;
    private static final int SUB_DATABASE = 0x02;
    private static final long NO_PAGE = -1;
    private static final int DATABASE_BYTES = 48;
    private static final int FREE_PAGES_IN_META = 24;
    private static final int TABLES_IN_META = FREE_PAGES_IN_META + DATABASE_BYTES;
    private static final int LAST_PAGE_IN_META = 120;
    private static final int TRANSACTION_IN_META = 128;
    private static final int MAX_DEPTH = 32;
    /** MDB_INTEGERKEY. The flags of the whole file are there too, of which only MDB_FIXEDMAP is in the lower byte. */
    private static final int FREE_PAGES_FLAGS = 0x08;
    /** Far more than any state has, and few enough to remember them all. */
    private static final long MOST_PAGES = 1 << 26;

    private final FileChannel file;
    private final int pageSize;
    private final long lastPage;
    private final BitSet seen = new BitSet();
    private final BitSet free = new BitSet();
    private long lastFreed;

    private StateFile(FileChannel file, int pageSize, long lastPage) {
        this.file = file;
        this.pageSize = pageSize;
        this.lastPage = lastPage;
    }

    /** Why LMDB must not open a file. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(String reason) {
            super(reason);
        }
    }

    /**
     * Checks all pages that are in use; a file that is not there, or empty, is a new one. Nobody else may have it open for writing.
     *
     * @throws DamagedException when it is not as LMDB leaves it
     * @throws IOException when it cannot be read
     */
    static void check(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(path)) {
            throw new DamagedException("it is no file");
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            if (file.size() > 0) {
                check(file);
            }
        }
    }

    private static void check(FileChannel file) throws IOException {
        ByteBuffer first = meta(file, 0);
        int pageSize = first.getInt(24);
        if (Integer.bitCount(pageSize) != 1 || pageSize < 512 || pageSize > 65_536) {
            throw new DamagedException("its pages have no size that could be");
        }
        ByteBuffer second = second(file, pageSize);
        // As mdb_env_pick_meta does.
        ByteBuffer current = first.getLong(TRANSACTION_IN_META) >= second.getLong(TRANSACTION_IN_META) ? first : second;
        new StateFile(file, pageSize, current.getLong(LAST_PAGE_IN_META)).checkAll(current);
    }

    private void checkAll(ByteBuffer meta) throws IOException {
        if (lastPage < 1 || lastPage > MOST_PAGES) {
            throw new DamagedException("its last page is none");
        }
        checkTable(meta, FREE_PAGES_IN_META, 0, new Tally(FREE_PAGES_FLAGS, this::addFreed));
        checkTable(meta, TABLES_IN_META, 0, new Tally());
        if (seen.intersects(free)) {
            throw new DamagedException("page " + firstOfBoth() + " is in use and free");
        }
        // Each transaction but the very first has replaced the root of all tables at least.
        if (!free.isEmpty() && lastFreed != meta.getLong(TRANSACTION_IN_META)) {
            throw new DamagedException("its last transaction is not whole");
        }
    }

    private int firstOfBoth() {
        BitSet both = (BitSet) seen.clone();
        both.and(free);
        return both.nextSetBit(0);
    }

    /** The other meta page, of which a file that has the first one must have one as well. */
    private static ByteBuffer second(FileChannel file, int pageSize) throws IOException {
        ByteBuffer page = read(file, pageSize, META_BYTES);
        if (page.getInt(PAGE_HEADER) != MAGIC) {
            throw new DamagedException("page 1 is not what it should be");
        }
        return meta(file, pageSize);
    }

    /** What comes after the page's header. */
    private static ByteBuffer meta(FileChannel file, long position) throws IOException {
        ByteBuffer meta = read(file, position, META_BYTES);
        ByteBuffer content = meta.slice(PAGE_HEADER, META_BYTES - PAGE_HEADER).order(ByteOrder.nativeOrder());
        if (content.getInt(0) != MAGIC) {
            throw new DamagedException("it is not a file of LMDB");
        }
        if (content.getInt(4) != VERSION) {
            throw new DamagedException("it is a file of another version of LMDB: " + content.getInt(4));
        }
        return content;
    }

    /** What is done with each record of a table. */
    @FunctionalInterface
    private interface RecordCheck {
        void check(ByteBuffer page, int node) throws IOException;
    }

    /** What a tree has, in the order of the numbers in its MDB_db. */
    private static final class Tally {
        private final int flags;
        private final RecordCheck records;
        private int levels;
        private long branches;
        private long leaves;
        private long overflows;
        private long entries;

        Tally() {
            this(0, (page, node) -> {});
        }

        Tally(int flags, RecordCheck records) {
            this.flags = flags;
            this.records = records;
        }

        boolean is(ByteBuffer buffer, int database) {
            return flags == Byte.toUnsignedInt((byte) buffer.getShort(database + 4))
                    && levels == Short.toUnsignedInt(buffer.getShort(database + 6))
                    && branches == buffer.getLong(database + 8)
                    && leaves == buffer.getLong(database + 16)
                    && overflows == buffer.getLong(database + 24)
                    && entries == buffer.getLong(database + 32);
        }
    }

    private void checkTable(ByteBuffer buffer, int database, int depth, Tally tally) throws IOException {
        long root = buffer.getLong(database + 40);
        checkTree(root, depth, depth, tally);
        if (!tally.is(buffer, database)) {
            throw new DamagedException("the table below page " + root + " has not what it counts");
        }
    }

    private void checkTree(long root, int top, int depth, Tally tally) throws IOException {
        if (root == NO_PAGE) {
            return;
        }
        if (depth > MAX_DEPTH) {
            throw new DamagedException("its pages form no tree");
        }
        ByteBuffer page = page(root);
        int flags = Short.toUnsignedInt(page.getShort(10));
        int lower = Short.toUnsignedInt(page.getShort(12));
        int upper = Short.toUnsignedInt(page.getShort(14));
        boolean branch = (flags & BRANCH) != 0;
        boolean isTree = branch != ((flags & LEAF) != 0);
        if (!isTree || lower < PAGE_HEADER || lower > upper || upper > pageSize) {
            throw new DamagedException("page " + root + " is not what it should be");
        }
        tally.levels = Math.max(tally.levels, depth - top + 1);
        tally.branches += branch ? 1 : 0;
        tally.leaves += branch ? 0 : 1;
        for (int entry = PAGE_HEADER; entry < lower; entry += Short.BYTES) {
            int node = Short.toUnsignedInt(page.getShort(entry));
            if (node < upper || node + NODE_HEADER > pageSize) {
                throw new DamagedException("page " + root + " has entries that lead nowhere");
            }
            if (branch) {
                checkTree(childOf(page, node), top, depth + 1, tally);
            } else {
                checkLeaf(page, node, root, depth, tally);
            }
        }
    }

    private static long childOf(ByteBuffer page, int node) {
        return unsigned(page, node) | unsigned(page, node + 2) << 16 | unsigned(page, node + 4) << 32;
    }

    private void checkLeaf(ByteBuffer page, int node, long number, int depth, Tally tally) throws IOException {
        long size = unsigned(page, node) | unsigned(page, node + 2) << 16;
        long flags = unsigned(page, node + 4);
        int data = node + NODE_HEADER + Short.toUnsignedInt(page.getShort(node + 6));
        long inPage = (flags & BIG_DATA) != 0 ? Long.BYTES : size;
        if (data + inPage > pageSize) {
            throw new DamagedException("a record on page " + number + " is cut off");
        }
        tally.entries++;
        if ((flags & BIG_DATA) != 0) {
            tally.overflows += checkOverflow(page.getLong(data), size);
        } else if ((flags & SUB_DATABASE) != 0) {
            if (size != DATABASE_BYTES) {
                throw new DamagedException("page " + number + " names a table that is none");
            }
            checkTable(page, data, depth + 1, new Tally());
        }
        tally.records.check(page, node);
    }

    private long checkOverflow(long number, long bytes) throws IOException {
        ByteBuffer page = page(number);
        long pages = Integer.toUnsignedLong(page.getInt(12));
        boolean fits = pages * pageSize >= bytes + PAGE_HEADER && (number + pages) * pageSize <= file.size();
        if ((Short.toUnsignedInt(page.getShort(10)) & OVERFLOW) == 0 || !fits) {
            throw new DamagedException("a long record on page " + number + " is cut off");
        }
        return pages;
    }

    /** A record of the free pages: the transaction that freed them, how many they are, and their numbers. */
    private void addFreed(ByteBuffer page, int node) throws IOException {
        int keyBytes = Short.toUnsignedInt(page.getShort(node + 6));
        if (keyBytes != Long.BYTES) {
            throw new DamagedException("its list of free pages is none");
        }
        int data = node + NODE_HEADER + keyBytes;
        boolean isLong = (unsigned(page, node + 4) & BIG_DATA) != 0;
        int bytes = (int) (unsigned(page, node) | unsigned(page, node + 2) << 16);
        ByteBuffer list = isLong
                ? read(file, page.getLong(data) * pageSize + PAGE_HEADER, bytes)
                : page.slice(data, bytes).order(ByteOrder.nativeOrder());
        long count = bytes < Long.BYTES ? -1 : list.getLong(0);
        if (count < 0 || count > bytes / Long.BYTES - 1) {
            throw new DamagedException("its list of free pages is none");
        }
        for (int i = 1; i <= count; i++) {
            long number = list.getLong(i * Long.BYTES);
            if (number < 2 || number > lastPage) {
                throw new DamagedException("its list of free pages has none of its pages");
            }
            free.set((int) number);
        }
        lastFreed = Math.max(lastFreed, page.getLong(node + NODE_HEADER));
    }

    private ByteBuffer page(long number) throws IOException {
        if (number < 2 || number > lastPage || (number + 1) * pageSize > file.size()) {
            throw new DamagedException("page " + number + " is missing, the file has " + file.size() + " bytes");
        }
        if (seen.get((int) number)) {
            throw new DamagedException("page " + number + " is in two places");
        }
        seen.set((int) number);
        ByteBuffer page = read(file, number * pageSize, pageSize);
        if (page.getLong(0) != number) {
            throw new DamagedException("page " + number + " is not what it should be");
        }
        return page;
    }

    private static ByteBuffer read(FileChannel file, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new DamagedException("it is cut off after " + file.size() + " bytes");
            }
        }
        return buffer.flip();
    }

    private static long unsigned(ByteBuffer buffer, int position) {
        return Short.toUnsignedLong(buffer.getShort(position));
    }
}
