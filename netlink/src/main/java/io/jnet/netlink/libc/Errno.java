package io.jnet.netlink.libc;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * An error number of the kernel.
 *
 * @param number positive, as in include/uapi/asm-generic/errno.h
 */
public record Errno(int number) {
    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EBADF = new Errno(9);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno EMFILE = new Errno(24);
    public static final Errno ENOSPC = new Errno(28);
    public static final Errno ENOTEMPTY = new Errno(39);
    public static final Errno EXFULL = new Errno(54);
    public static final Errno EBADMSG = new Errno(74);
    public static final Errno ENOPROTOOPT = new Errno(92);
    public static final Errno EPROTONOSUPPORT = new Errno(93);
    public static final Errno ESOCKTNOSUPPORT = new Errno(94);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno EAFNOSUPPORT = new Errno(97);
    public static final Errno EADDRINUSE = new Errno(98);
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    public static final Errno ENETUNREACH = new Errno(101);
    public static final Errno ECONNABORTED = new Errno(103);
    public static final Errno ENOBUFS = new Errno(105);
    public static final Errno ETOOMANYREFS = new Errno(109);
    public static final Errno ECONNREFUSED = new Errno(111);
    public static final Errno EHOSTUNREACH = new Errno(113);
    public static final Errno EINPROGRESS = new Errno(115);

    /** Number, name and meaning of what sockets, netlink and namespaces answer (errno(3)). */
    private static final Map<Integer, String[]> KNOWN =
            """
            1 EPERM operation not permitted
            2 ENOENT no such file or object
            3 ESRCH no such process or entry
            4 EINTR interrupted
            5 EIO input/output error
            6 ENXIO no such device or address
            7 E2BIG argument list too long
            9 EBADF bad file descriptor
            11 EAGAIN try again
            12 ENOMEM out of memory
            13 EACCES permission denied
            14 EFAULT bad address
            16 EBUSY device or resource busy
            17 EEXIST already exists
            18 EXDEV not within one device
            19 ENODEV no such device
            20 ENOTDIR not a directory
            21 EISDIR is a directory
            22 EINVAL invalid argument
            23 ENFILE too many open files in the system
            24 EMFILE too many open files
            27 EFBIG file too large
            28 ENOSPC no space left
            30 EROFS read-only file system
            31 EMLINK too many links
            32 EPIPE broken pipe
            33 EDOM argument out of domain
            34 ERANGE result out of range
            36 ENAMETOOLONG name too long
            38 ENOSYS function not implemented
            39 ENOTEMPTY not empty
            40 ELOOP too many levels
            54 EXFULL exchange full
            61 ENODATA no data available
            71 EPROTO protocol error
            74 EBADMSG malformed message
            75 EOVERFLOW value too large
            76 ENOTUNIQ name not unique on the network
            85 ERESTART interrupted call should be restarted
            88 ENOTSOCK not a socket
            89 EDESTADDRREQ destination address required
            90 EMSGSIZE message too long
            92 ENOPROTOOPT protocol option not available
            93 EPROTONOSUPPORT protocol not supported
            94 ESOCKTNOSUPPORT socket type not supported
            95 EOPNOTSUPP operation not supported
            96 EPFNOSUPPORT protocol family not supported
            97 EAFNOSUPPORT address family not supported
            98 EADDRINUSE address already in use
            99 EADDRNOTAVAIL address not available
            100 ENETDOWN network is down
            101 ENETUNREACH network is unreachable
            103 ECONNABORTED connection aborted
            104 ECONNRESET connection reset by peer
            105 ENOBUFS no buffer space available
            107 ENOTCONN not connected
            109 ETOOMANYREFS too many descriptors sent
            110 ETIMEDOUT timed out
            111 ECONNREFUSED connection refused
            113 EHOSTUNREACH no route to host
            114 EALREADY operation already in progress
            115 EINPROGRESS operation now in progress
            116 ESTALE stale handle
            122 EDQUOT quota exceeded
            """
                    .lines()
                    .map(line -> line.split(" ", 3))
                    .collect(Collectors.toUnmodifiableMap(words -> Integer.valueOf(words[0]), words -> words));

    /** The error with this number. */
    public static Errno of(int number) {
        return new Errno(number);
    }

    /** The symbolic name, {@code EEXIST}; {@code errno 200} for a number that has none here. */
    public String symbol() {
        String[] words = KNOWN.get(number);
        return words == null ? "errno " + number : words[1];
    }

    /** What the number means, in lower case; {@code unknown error} for a number that has no name here. */
    public String description() {
        String[] words = KNOWN.get(number);
        return words == null ? "unknown error" : words[2];
    }

    /** Both, as error messages show them: {@code already exists (EEXIST)}. */
    @Override
    public String toString() {
        return description() + " (" + symbol() + ")";
    }
}
