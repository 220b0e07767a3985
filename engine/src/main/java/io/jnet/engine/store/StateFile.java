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
    private static final int ROOT_IN_DATABASE = 40;
    private static final int MAX_DEPTH = 32;

    private final FileChannel file;
    private final int pageSize;
    private final long lastPage;
    private final BitSet seen = new BitSet();

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
        ByteBuffer second = meta(file, pageSize);
        ByteBuffer current = first.getLong(128) > second.getLong(128) ? first : second;
        StateFile state = new StateFile(file, pageSize, current.getLong(120));
        state.checkTree(current.getLong(24 + ROOT_IN_DATABASE), 0);
        state.checkTree(current.getLong(24 + DATABASE_BYTES + ROOT_IN_DATABASE), 0);
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

    private void checkTree(long root, int depth) throws IOException {
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
        for (int entry = PAGE_HEADER; entry < lower; entry += Short.BYTES) {
            int node = Short.toUnsignedInt(page.getShort(entry));
            if (node < upper || node + NODE_HEADER > pageSize) {
                throw new DamagedException("page " + root + " has entries that lead nowhere");
            }
            if (branch) {
                checkTree(childOf(page, node), depth + 1);
            } else {
                checkLeaf(page, node, root, depth);
            }
        }
    }

    private static long childOf(ByteBuffer page, int node) {
        return unsigned(page, node) | unsigned(page, node + 2) << 16 | unsigned(page, node + 4) << 32;
    }

    private void checkLeaf(ByteBuffer page, int node, long number, int depth) throws IOException {
        long size = unsigned(page, node) | unsigned(page, node + 2) << 16;
        long flags = unsigned(page, node + 4);
        int data = node + NODE_HEADER + Short.toUnsignedInt(page.getShort(node + 6));
        long inPage = (flags & BIG_DATA) != 0 ? Long.BYTES : size;
        if (data + inPage > pageSize) {
            throw new DamagedException("a record on page " + number + " is cut off");
        }
        if ((flags & BIG_DATA) != 0) {
            checkOverflow(page.getLong(data), size);
        } else if ((flags & SUB_DATABASE) != 0) {
            if (size != DATABASE_BYTES) {
                throw new DamagedException("page " + number + " names a table that is none");
            }
            checkTree(page.getLong(data + ROOT_IN_DATABASE), depth + 1);
        }
    }

    private void checkOverflow(long number, long bytes) throws IOException {
        ByteBuffer page = page(number);
        long pages = Integer.toUnsignedLong(page.getInt(12));
        boolean fits = pages * pageSize >= bytes + PAGE_HEADER && (number + pages) * pageSize <= file.size();
        if ((Short.toUnsignedInt(page.getShort(10)) & OVERFLOW) == 0 || !fits) {
            throw new DamagedException("a long record on page " + number + " is cut off");
        }
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
