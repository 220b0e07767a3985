package io.jnet.daemon.client;

import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.FailureView;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks the daemon. */
public final class ControlClient {
    private final Path socket;

    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /**
     * The daemon's answer as it sent it.
     *
     * @param segments the path, element by element, encoded here
     * @throws ClientException when the daemon does not run, or refuses
     */
    public byte[] get(String... segments) {
        return ask("GET", segments);
    }

    /**
     * Has the daemon remove something; its answer as it sent it.
     *
     * @param segments the path, element by element, encoded here
     * @throws ClientException when the daemon does not run, or refuses
     */
    public byte[] delete(String... segments) {
        return ask("DELETE", segments);
    }

    private byte[] ask(String method, String... segments) {
        StringBuilder target = new StringBuilder("/v1");
        for (String segment : segments) {
            target.append('/').append(encode(segment));
        }
        HttpAnswer answer;
        try {
            answer = UnixHttpClient.ask(socket, method, target.toString());
        } catch (IOException | RuntimeException failed) {
            throw unreachable(failed);
        }
        if (answer.status() == 200) {
            return answer.body();
        }
        String message = ControlJson.read(answer.body(), FailureView.class).error();
        throw answer.status() == 404 ? ClientException.notFound(message) : ClientException.of(message);
    }

    /** The daemon's answer as a message. */
    public <T> T get(Class<T> type, String... segments) {
        return ControlJson.read(get(segments), type);
    }

    static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ClientException unreachable(Exception failed) {
        // EACCES of connect(2) or of a folder on the way; Java has no exception of its own for it.
        if (String.valueOf(failed.getMessage()).contains("Permission denied")) {
            return ClientException.of("no permission to use " + socket + ": run as root", failed);
        }
        return ClientException.of(
                "the daemon does not answer on " + socket
                        + ": start it with \"jnet daemon\", or name its socket with --socket",
                failed);
    }
}
