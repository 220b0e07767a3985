package io.jnet.daemon.control;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jnet.daemon.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a monitoring system asks for, at the paths that it usually has: {@code /metrics} and {@code /health}. */
public final class Observed {
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Metrics metrics;

    public Observed(Metrics metrics) {
        this.metrics = metrics;
    }

    void routes(RoutesConfig routes) {
        routes.get("/metrics", this::metrics);
        routes.get("/health", this::health);
    }

    /** The same for a server that has nothing else. */
    public void onlyRoutes(RoutesConfig routes) {
        routes(routes);
        routes.error(404, context -> context.contentType(TEXT).result("here are /metrics and /health only\n"));
    }

    private void metrics(Context context) {
        context.contentType(Metrics.CONTENT_TYPE).result(metrics.text());
    }

    /** {@code ok}, or what is wrong, a line for each. */
    private void health(Context context) {
        List<String> troubles = metrics.troubles();
        String text = troubles.isEmpty() ? "ok" : String.join("\n", troubles);
        context.status(troubles.isEmpty() ? 200 : UNAVAILABLE)
                .contentType(TEXT)
                .result((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
