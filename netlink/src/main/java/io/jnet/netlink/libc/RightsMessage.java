package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.MSG_CTRUNC;
import static io.jnet.netlink.libc.SocketConstants.MSG_NOSIGNAL;
import static io.jnet.netlink.libc.SocketConstants.SOL_SOCKET;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * A message of bytes and descriptors, in memory that sendmsg(2) and recvmsg(2) read and write (SCM_RIGHTS, unix(7)).
 *
 * <pre>
 * struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
 *                 void *msg_control; size_t msg_controllen; int msg_flags; };          64-bit: 56 bytes
 * struct iovec { void *iov_base; size_t iov_len; };
 * struct cmsghdr { size_t cmsg_len; int cmsg_level; int cmsg_type; };  followed by the data, padded to 8 bytes
 * </pre>
 */
final class RightsMessage {
    /** Of SCM_MAX_FD (253): more than these are refused, so that nobody fills the table of descriptors. */
    static final int MOST_DESCRIPTORS = 8;

    private static final int SCM_RIGHTS = 1;

    private static final int VECTOR_ADDRESS = 16;
    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL_ADDRESS = 32;
    private static final int CONTROL_SIZE = 40;
    private static final int FLAGS = 48;
    private static final int VECTOR = 56;
    private static final int CONTROL = VECTOR + 16;
    private static final int CONTROL_HEADER = 16;
    private static final int CONTROL_LENGTH = CONTROL_HEADER + MOST_DESCRIPTORS * Integer.BYTES;

    private final Pointer header = Memory.allocateDirect(Libc.runtime(), CONTROL + CONTROL_LENGTH, true);

    private RightsMessage(Pointer data, int length) {
        header.putLong(VECTOR_ADDRESS, header.address() + VECTOR);
        header.putLong(VECTOR_COUNT, 1);
        header.putLong(CONTROL_ADDRESS, header.address() + CONTROL);
        header.putLong(CONTROL_SIZE, CONTROL_LENGTH);
        header.putLong(VECTOR, data.address());
        header.putLong(VECTOR + Long.BYTES, length);
    }

    /** A message with these bytes, or with room for so many; they stay the caller's to keep. */
    static RightsMessage of(Pointer data, int length) {
        return new RightsMessage(data, length);
    }

    /**
     * Sends bytes with descriptors, which stay the sender's.
     *
     * @return how many of the bytes were sent; on a socket for datagrams all
     */
    static int send(KernelSocket socket, byte[] bytes, List<Descriptor> descriptors) {
        Pointer data = Memory.allocateDirect(Libc.runtime(), bytes.length);
        data.put(0, bytes, 0, bytes.length);
        RightsMessage message = of(data, bytes.length);
        message.pass(descriptors);
        try {
            return (int) Libc.checkLong("write to", socket.toString(), () -> Libc.functions()
                    .sendmsg(socket.number(), message.header(), MSG_NOSIGNAL));
        } finally {
            // The header has its address only.
            Reference.reachabilityFence(data);
        }
    }

    /** The {@code struct msghdr}. */
    Pointer header() {
        return header;
    }

    /** Whether more descriptors were sent than there was room for. */
    boolean isCutOff() {
        return (header.getInt(FLAGS) & MSG_CTRUNC) != 0;
    }

    /**
     * The descriptors that came with a message, the receiver's to close.
     *
     * @param object names them in errors
     */
    List<Descriptor> received(String object) {
        List<Descriptor> descriptors = new ArrayList<>();
        long controlLength = header.getLong(CONTROL_SIZE);
        if (controlLength >= CONTROL_HEADER
                && header.getInt(CONTROL + 8) == SOL_SOCKET
                && header.getInt(CONTROL + 12) == SCM_RIGHTS) {
            long end = Math.min(header.getLong(CONTROL), controlLength);
            for (long offset = CONTROL_HEADER; offset + Integer.BYTES <= end; offset += Integer.BYTES) {
                descriptors.add(new Descriptor(header.getInt(CONTROL + offset), object));
            }
        }
        return descriptors;
    }

    private void pass(List<Descriptor> descriptors) {
        if (descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(descriptors.size() + " descriptors are too many");
        }
        if (descriptors.isEmpty()) {
            header.putLong(CONTROL_SIZE, 0);
            return;
        }
        int length = CONTROL_HEADER + descriptors.size() * Integer.BYTES;
        header.putLong(CONTROL_SIZE, (length + Long.BYTES - 1L) / Long.BYTES * Long.BYTES);
        header.putLong(CONTROL, length);
        header.putInt(CONTROL + 8, SOL_SOCKET);
        header.putInt(CONTROL + 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            header.putInt(
                    CONTROL + CONTROL_HEADER + (long) i * Integer.BYTES,
                    descriptors.get(i).number());
        }
    }
}
