package io.jnet.testbed.hostile;

import io.jnet.testbed.daemon.JnetDaemon;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A socket of the daemon, and what is sent there. */
public enum Service {
    /** Docker's plugin protocol. */
    PLUGIN(
            JnetDaemon.PLUGIN_SOCKET,
            "POST /NetworkDriver.GetCapabilities HTTP/1.1\r\nHost: \r\nContent-Length: 0\r\n\r\n",
            "POST /NetworkDriver.CreateNetwork HTTP/1.1\r\nHost: \r\nTransfer-Encoding: chunked\r\n\r\n",
            "10000\r\n" + " ".repeat(0x10000) + "\r\n",
            8 << 20),
    /** What the commands ask. */
    CONTROL(
            JnetDaemon.SOCKET,
            "GET /v1/status HTTP/1.1\r\nHost: jnet\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nHost: jnet\r\nTransfer-Encoding: chunked\r\n\r\n",
            "10000\r\n" + " ".repeat(0x10000) + "\r\n",
            0x10000),
    /** What {@code jnet-cni} asks. */
    CNI(
            JnetDaemon.CNI_SOCKET,
            question(12, 2) + "CNI_COMMAND=\0{}",
            question(12, 8 * 1024 * 1024),
            " ".repeat(0x10000),
            8 << 20);

    private final String socket;
    private final String whole;
    private final String head;
    private final String part;
    private final int taken;

    Service(String socket, String whole, String head, String part, int taken) {
        this.socket = socket;
        this.whole = whole;
        this.head = head;
        this.part = part;
        this.taken = taken;
    }

    /** The path on the daemon's machine. */
    public String socket() {
        return socket;
    }

    /** A request that is answered. */
    public String whole() {
        return whole;
    }

    /** The beginning of one that is followed by as many {@link #part}s as the daemon takes. */
    public String head() {
        return head;
    }

    /** Some of the rest. */
    public String part() {
        return part;
    }

    /** How many bytes of the rest it takes at least from each, before it has had enough. */
    public int taken() {
        return taken;
    }

    /** The head of a question of {@code jnet-cni}, in characters that are bytes each (ISO 8859-1). */
    public static String question(int environment, int input) {
        byte[] head = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .put("jnetcni1".getBytes(StandardCharsets.US_ASCII))
                .putInt(environment)
                .putInt(input)
                .array();
        return new String(head, StandardCharsets.ISO_8859_1);
    }
}
