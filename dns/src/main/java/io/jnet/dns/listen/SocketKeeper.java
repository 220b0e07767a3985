package io.jnet.dns.listen;

import io.jnet.netlink.libc.KernelSocket;
import java.util.List;

/**
 * Keeps sockets open while no process of jnet runs: what is asked then waits in them for the next one, where it else would be refused, or
 * lost. Thread-safe; no method fails.
 */
public interface SocketKeeper {
    /** Keeps nothing. */
    SocketKeeper NONE = new SocketKeeper() {
        @Override
        public boolean keeps() {
            return false;
        }

        @Override
        public List<KernelSocket> take(int link) {
            return List.of();
        }

        @Override
        public void keep(int link, List<KernelSocket> sockets) {}

        @Override
        public void forget(int link) {}
    };

    /** Whether anything is kept at all. */
    boolean keeps();

    /**
     * What the process before had kept, once; the caller's to close.
     *
     * @param link the index of the bridge that they are for
     */
    List<KernelSocket> take(int link);

    /**
     * Has sockets kept, which go on to be the caller's too.
     *
     * @param link the index of the bridge that they are for
     */
    void keep(int link, List<KernelSocket> sockets);

    /** Has nothing kept for a bridge any more. */
    void forget(int link);
}
