package io.jnet.driver;

import io.jnet.driver.protocol.Answers;
import io.jnet.driver.protocol.MessageCodec;
import io.jnet.driver.protocol.ProtocolException;
import io.jnet.engine.Engine;
import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocol's entry: finds the method of a path, and turns whatever happens into an answer. */
public final class NetworkDriver {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkDriver.class);
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INTERNAL_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final MessageCodec codec = new MessageCodec();
    private final Map<String, Route> routes;

    public NetworkDriver(Engine engine) {
        routes = new NetworkDriverMethods(engine)
                .routes().stream().collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
    }

    /**
     * Answers one request. Never throws.
     *
     * @param path such as {@code /NetworkDriver.Join}
     * @param body the whole body, possibly empty
     */
    public ProtocolResponse handle(String path, byte[] body) {
        Route route = routes.get(path);
        if (route == null) {
            // dockerd takes 404 as "the driver has no such method", and goes on where it can do without.
            return failure(NOT_FOUND, "unknown method: jnet answers Plugin.Activate and NetworkDriver methods");
        }
        try {
            return new ProtocolResponse(OK, codec.write(route.call().answer(codec, body)));
        } catch (ProtocolException bad) {
            LOG.atWarn().addKeyValue("method", path).log(bad.getMessage());
            return failure(BAD_REQUEST, bad.getMessage());
        } catch (EngineException refused) {
            // What was asked and cannot be done is an answer; what the engine could not do needs the cause too.
            LOG.atWarn()
                    .addKeyValue("method", path)
                    .addKeyValue("category", refused.code())
                    .setCause(refused.code() == ErrorCode.INTERNAL ? refused.getCause() : null)
                    .log(refused.getMessage());
            return failure(status(refused.code()), refused.getMessage());
        } catch (RuntimeException defect) {
            LOG.atError().addKeyValue("method", path).setCause(defect).log("unexpected failure");
            return failure(
                    INTERNAL_ERROR,
                    "internal error of jnet, see its log: " + defect.getClass().getSimpleName());
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

    private ProtocolResponse failure(int status, String message) {
        return new ProtocolResponse(status, codec.write(Answers.Failure.of(message)));
    }
}
