package io.jnet.daemon.client;

import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.FailureView;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks the daemon. */
public final class ControlClient {
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    /** A daemon that is being started makes callers wait; one that works for a thousand containers too. */
    private static final Duration READING = Duration.ofMinutes(1);

    /** How to start a daemon that does not run. */
    static final String START =
            "start it with \"systemctl start jnet\", or where it is no service with \"jnet daemon\"";

    private final Path socket;
    /** For a question that changes nothing; what changes something takes its time. */
    private final Duration reading;

    private final Optional<Duration> patience;

    /** One that waits a minute for what it asks, and for a change as long as the daemon takes. */
    public ControlClient(Path socket) {
        this(socket, READING, Optional.empty());
    }

    /**
     * One that gives up, for commands that look for faults: a daemon that hangs is one.
     *
     * @param patience for each answer
     */
    public ControlClient(Path socket, Duration patience) {
        this(socket, patience, Optional.of(patience));
    }

    private ControlClient(Path socket, Duration reading, Optional<Duration> patience) {
        this.socket = socket;
        this.reading = reading;
        this.patience = patience;
    }

    /**
     * The daemon's answer as it sent it.
     *
     * @param segments the path, element by element, encoded here
     * @throws ClientException when the daemon does not run, or refuses
     */
    public byte[] get(String... segments) {
        return answered(HttpQuestion.get(target(segments)));
    }

    /**
     * Has the daemon remove something; its answer as it sent it.
     *
     * @param segments the path, element by element, encoded here
     * @throws ClientException when the daemon does not run, or refuses
     */
    public byte[] delete(String... segments) {
        return answered(new HttpQuestion("DELETE", target(segments), Optional.empty()));
    }

    /** The same of several things at once. */
    public byte[] delete(List<String> things, String... segments) {
        return answered(new HttpQuestion("DELETE", target(segments), Optional.of(ControlJson.write(things))));
    }

    /**
     * Has the daemon make something; its answer as it sent it.
     *
     * @param segments the path, element by element, encoded here
     * @throws ClientException when the daemon does not run, or refuses
     */
    public byte[] put(String... segments) {
        return answered(new HttpQuestion("PUT", target(segments), Optional.empty()));
    }

    /** The same of several things at once. */
    public byte[] put(List<String> things, String... segments) {
        return answered(new HttpQuestion("PUT", target(segments), Optional.of(ControlJson.write(things))));
    }

    /**
     * The daemon's metrics, as Prometheus gets them.
     *
     * @throws ClientException when the daemon does not run, or refuses
     */
    public byte[] metrics() {
        return answered(HttpQuestion.get("/metrics"));
    }

    /** Whether somebody answers on the socket at all. */
    public boolean isThere() {
        try {
            UnixHttpClient.reach(socket, patience.orElse(CONNECTING));
            return true;
        } catch (SocketTimeoutException full) {
            return true;
        } catch (IOException | RuntimeException failed) {
            if (isForbidden(failed)) {
                throw unreachable(failed);
            }
            return false;
        }
    }

    /**
     * Passes the daemon's answer on while it comes: it may be larger than what this process has of memory.
     *
     * @param segments the path, element by element, encoded here
     * @throws ClientException when the daemon does not run, refuses, or breaks off
     */
    public void copy(OutputStream out, String... segments) {
        HttpAnswer answer;
        try {
            answer = UnixHttpClient.copy(socket, target(segments), out);
        } catch (IOException | RuntimeException failed) {
            throw unreachable(failed);
        }
        if (answer.status() != 200) {
            throw refused(answer);
        }
    }

    private byte[] answered(HttpQuestion question) {
        HttpAnswer answer;
        try {
            Optional<Duration> most = question.isGet() ? Optional.of(reading) : patience;
            answer = most.isPresent()
                    ? UnixHttpClient.ask(socket, question, most.get())
                    : UnixHttpClient.ask(socket, question);
        } catch (SocketTimeoutException late) {
            throw ClientException.of(
                    late.getMessage() + " on " + socket + ": the daemon hangs, see its log and restart it", late);
        } catch (IOException | RuntimeException failed) {
            throw unreachable(failed);
        }
        if (answer.status() == 200) {
            return answer.body();
        }
        throw refused(answer);
    }

    private static String target(String... segments) {
        StringBuilder target = new StringBuilder("/v1");
        for (String segment : segments) {
            target.append('/').append(encode(segment));
        }
        return target.toString();
    }

    private ClientException refused(HttpAnswer answer) {
        String message;
        try {
            message = ControlJson.read(answer.body(), FailureView.class).error();
        } catch (RuntimeException notOurs) {
            message = null;
        }
        if (message == null) {
            return ClientException.of("the answer on " + socket + " is not understood, HTTP status " + answer.status()
                    + ": name the socket that jnet daemon has as --socket");
        }
        return answer.status() == 404 ? ClientException.notFound(message) : ClientException.of(message);
    }

    /** The daemon's answer as a message. */
    public <T> T get(Class<T> type, String... segments) {
        return ControlJson.read(get(segments), type);
    }

    public static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ClientException unreachable(Exception failed) {
        if (isForbidden(failed)) {
            return ClientException.of(
                    "no permission to use " + socket
                            + ": run as root, or to ask only as a member of the daemon's --socket-group",
                    failed);
        }
        return ClientException.of(
                "the daemon does not answer on " + socket + ": " + START
                        + "; or name its socket with --socket, a managed plugin's is /run/docker/plugins/ID/control.sock",
                failed);
    }

    /** EACCES of connect(2) or of a folder on the way; Java has no exception of its own for it. */
    private static boolean isForbidden(Exception failed) {
        return String.valueOf(failed.getMessage()).contains("Permission denied");
    }
}
