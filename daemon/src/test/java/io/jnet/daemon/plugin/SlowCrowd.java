package io.jnet.daemon.plugin;

import io.jnet.daemon.plugin.RawClient.Answer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Clients that each begin a request and never end it. */
final class SlowCrowd implements Closeable {
    private final Path socket;
    private final int size;
    private final List<RawClient> clients = new ArrayList<>();

    SlowCrowd(Path socket, int size) {
        this.socket = socket;
        this.size = size;
    }

    /** Lets more clients send a head with {@code field}, and one byte of the body where that tells its length. */
    void begin(String field) throws IOException {
        String body = field.startsWith("Content-Length") ? "{" : "";
        for (int i = 0; i < size; i++) {
            RawClient client = RawClient.connect(socket);
            clients.add(client);
            client.send("POST /NetworkDriver.Join HTTP/1.1\r\nHost: \r\n" + field + "\r\n\r\n" + body);
        }
    }

    /** Waits for what each client is told. */
    List<Answer> answers() throws IOException {
        List<Answer> answers = new ArrayList<>();
        for (RawClient client : clients) {
            answers.add(client.read());
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
