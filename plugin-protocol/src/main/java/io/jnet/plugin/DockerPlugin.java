package io.jnet.plugin;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Reasons;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin's entry: finds the method of a path, and turns whatever happens into an answer. */
public final class DockerPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(DockerPlugin.class);
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INTERNAL_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final MessageCodec codec = new MessageCodec();
    private final Map<String, Route> routes;
    private final String spoken;

    /**
     * @param subsystems what the plugin speaks, in the order in which dockerd is to register it
     */
    public DockerPlugin(List<Subsystem> subsystems) {
        this(subsystems, () -> {});
    }

    /**
     * @param subsystems what the plugin speaks, in the order in which dockerd is to register it
     * @param activated called when a dockerd asks what that is, which each does once in its life, before anything else
     */
    public DockerPlugin(List<Subsystem> subsystems, Runnable activated) {
        List<String> names = subsystems.stream().map(Subsystem::name).toList();
        spoken = names.stream().map(name -> name + " methods").collect(Collectors.joining(", "));
        routes = Stream.concat(
                        Stream.of(new Route("/Plugin.Activate", (codec, body) -> {
                            activated.run();
                            return new Activation(names);
                        })),
                        subsystems.stream().flatMap(subsystem -> subsystem.routes().stream()))
                .collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
    }

    /**
     * Answers one request. Never throws.
     *
     * @param path such as {@code /NetworkDriver.Join}
     * @param body the whole body, possibly empty
     */
    public PluginResponse handle(String path, byte[] body) {
        Route route = routes.get(path);
        if (route == null) {
            // dockerd takes 404 as "the driver has no such method", and goes on where it can do without.
            return failure(NOT_FOUND, ErrorCode.NOT_FOUND, "unknown method: jnet answers Plugin.Activate, " + spoken);
        }
        try {
            return new PluginResponse(OK, codec.write(route.call().answer(codec, body)), Optional.empty());
        } catch (ProtocolException bad) {
            LOG.atWarn().addKeyValue("method", path).log(bad.getMessage());
            return failure(BAD_REQUEST, ErrorCode.INVALID_REQUEST, bad.getMessage());
        } catch (EngineException refused) {
            // What was asked and cannot be done is an answer; what the engine could not do needs the cause too.
            LOG.atWarn()
                    .addKeyValue("method", path)
                    .addKeyValue("category", refused.code())
                    .setCause(refused.code() == ErrorCode.INTERNAL ? refused.getCause() : null)
                    .log(refused.getMessage());
            return failure(status(refused.code()), refused.code(), refused.getMessage());
        } catch (RuntimeException defect) {
            LOG.atError().addKeyValue("method", path).setCause(defect).log("unexpected failure");
            return failure(INTERNAL_ERROR, ErrorCode.INTERNAL, Reasons.DEFECT);
        }
    }

    /** Never 404, which dockerd would take as success of two methods (moby, drivers/remote/driver.go). */
    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, NOT_FOUND -> BAD_REQUEST;
            case CONFLICT, EXHAUSTED -> CONFLICT;
            case UNSUPPORTED -> NOT_IMPLEMENTED;
            case KERNEL, INTERNAL -> INTERNAL_ERROR;
        };
    }

    private PluginResponse failure(int status, ErrorCode code, String message) {
        return new PluginResponse(status, codec.write(Failure.of(message)), Optional.of(code));
    }
}
