package io.jnet.bench.names;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** {@code OutsideNames ADDRESS}: the outside's name server, which answers each question for an address with 192.0.2.80, for an hour. */
public final class OutsideNames {
    private static final int PORT = 53;
    private static final int LARGEST = 4096;
    private static final int HEADER = 12;
    private static final int FLAGS = 2;
    private static final int ANSWERS = 6;
    private static final int ADDITIONAL = 10;
    private static final int ANSWERED = 0x8180;
    private static final int QUESTION_END = 4;
    /** The question's name, A, IN, 3600 seconds, four bytes (RFC 1035 section 4.1.3). */
    private static final byte[] RECORD = {(byte) 0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0x0e, 0x10, 0, 4, (byte) 192, 0, 2, 80
    };

    private OutsideNames() {}

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(arguments[0], PORT));
            System.out.println("listening");
            ByteBuffer message = ByteBuffer.allocateDirect(LARGEST);
            while (true) {
                message.clear();
                SocketAddress client = channel.receive(message);
                message.flip();
                answer(message);
                channel.send(message, client);
            }
        }
    }

    private static void answer(ByteBuffer message) {
        int end = HEADER;
        while (message.get(end) != 0) {
            end += message.get(end) + 1;
        }
        message.putShort(FLAGS, (short) ANSWERED).putShort(ANSWERS, (short) 1).putShort(ADDITIONAL, (short) 0);
        message.limit(message.capacity()).position(end + 1 + QUESTION_END);
        message.put(RECORD).flip();
    }
}
