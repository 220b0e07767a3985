package io.jnet.netlink.libc;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The loaded C library, and the one check that every return code passes. */
final class Libc {
    /** glibc's soname on amd64 and arm64; a full soname spares jnr-ffi its search through the library folders. */
    private static final String SONAME = "libc.so.6";

    private Libc() {}

    /** The functions; the first call loads the library. */
    static Functions functions() {
        return Holder.FUNCTIONS;
    }

    static Runtime runtime() {
        return Runtime.getSystemRuntime();
    }

    /**
     * Calls until no signal interrupts.
     *
     * @throws KernelException when the result is negative
     */
    static int check(String operation, String object, IntSupplier call) {
        return Math.toIntExact(checkLong(operation, object, call::getAsInt));
    }

    /** As {@link #check}, for functions that answer a {@code ssize_t}. */
    static long checkLong(String operation, String object, LongSupplier call) {
        while (true) {
            long result = call.getAsLong();
            if (result >= 0) {
                return result;
            }
            Errno errno = Errno.of(LastError.getLastError(runtime()));
            if (!errno.equals(Errno.EINTR)) {
                throw new KernelException(operation, object, errno);
            }
        }
    }

    /** Calls until no signal interrupts, for calls whose refusal is an everyday answer: the result, or the negative errno. */
    static long attempt(LongSupplier call) {
        while (true) {
            long result = call.getAsLong();
            if (result >= 0) {
                return result;
            }
            int errno = LastError.getLastError(runtime());
            if (errno != Errno.EINTR.number()) {
                return -errno;
            }
        }
    }

    /**
     * Every C signature of this package, as the section 2 manual pages give them; the names are the C library's. Public inside a
     * package-private class, because jnr-ffi implements it from a class loader of its own.
     */
    public interface Functions {
        int socket(int domain, int type, int protocol);

        int bind(int descriptor, @In byte[] address, int length);

        int getsockname(int descriptor, @Out byte[] address, @In @Out int[] length);

        @ssize_t
        long send(int descriptor, @In byte[] data, @size_t long length, int flags);

        @ssize_t
        long recvfrom(
                int descriptor,
                Pointer buffer,
                @size_t long length,
                int flags,
                @Out byte[] address,
                @In @Out int[] size);

        int setsockopt(int descriptor, int level, int name, @In byte[] value, int length);

        int getsockopt(int descriptor, int level, int name, @Out byte[] value, @In @Out int[] length);

        int poll(@In @Out byte[] descriptors, long count, int timeout);

        int eventfd(int initial, int flags);

        @ssize_t
        long write(int descriptor, @In byte[] data, @size_t long length);

        /** Variadic in C: the third argument (mode) is read for O_CREAT and O_TMPFILE only, which this package never passes. */
        int open(String path, int flags);

        int close(int descriptor);

        int dup3(int descriptor, int replaced, int flags);

        /** Variadic in C: an integer as the third argument is passed as any other on amd64 and arm64. */
        int fcntl(int descriptor, int command, long argument);

        int listen(int descriptor, int backlog);

        int accept4(int descriptor, @Out byte[] address, @In @Out int[] length, int flags);

        int connect(int descriptor, @In byte[] address, int length);

        int shutdown(int descriptor, int how);

        @ssize_t
        long recv(int descriptor, Pointer buffer, @size_t long length, int flags);

        @ssize_t
        long send(int descriptor, Pointer data, @size_t long length, int flags);

        @ssize_t
        long recvmsg(int descriptor, Pointer message, int flags);

        @ssize_t
        long sendmsg(int descriptor, Pointer message, int flags);

        int recvmmsg(int descriptor, Pointer messages, int count, int flags, Pointer timeout);

        int sendmmsg(int descriptor, Pointer messages, int count, int flags);

        @ssize_t
        long read(int descriptor, Pointer buffer, @size_t long length);

        int epoll_create1(int flags);

        int epoll_ctl(int epoll, int operation, int descriptor, Pointer event);

        int epoll_wait(int epoll, Pointer events, int capacity, int timeout);

        int getrlimit(int resource, @Out long[] limits);

        /** Variadic in C: for requests without a third argument. */
        int ioctl(int descriptor, long request);

        int statx(int descriptor, String path, int flags, int mask, @Out byte[] status);

        int setns(int descriptor, int type);

        int unshare(int flags);
    }

    private static final class Holder {
        static final Functions FUNCTIONS = LibraryLoader.create(Functions.class).load(SONAME);
    }
}
