package io.jnet.netlink.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What tells open files apart, as stat(2) has it.
 *
 * @param device in the encoding of {@code makedev}
 * @param inode on it
 */
public record FileIdentity(long device, long inode) {
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_INO = 0x100;
    /** {@code sizeof (struct statx)}, and where it has what is asked for (linux/stat.h). */
    private static final int SIZE = 256;

    private static final int INODE = 32;
    private static final int MAJOR = 136;
    private static final int MINOR = 140;

    static FileIdentity of(Descriptor descriptor) {
        byte[] status = new byte[SIZE];
        // fstat(2) has another name in the C library before 2.33.
        Libc.check("identify", descriptor.toString(), () -> Libc.functions()
                .statx(descriptor.number(), "", AT_EMPTY_PATH, STATX_INO, status));
        ByteBuffer fields = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder());
        return new FileIdentity(device(fields.getInt(MAJOR), fields.getInt(MINOR)), fields.getLong(INODE));
    }

    private static long device(long major, long minor) {
        return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xffL) << 12) | ((major & ~0xfffL) << 32);
    }
}
