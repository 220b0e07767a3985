package io.jnet.daemon.log;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Gives loggers to slf4j. {@code JNET_LOG_LEVEL} names the least level of jnet's own classes (error, warn, info, debug, trace; info when
 * absent or another word); libraries are heard from warn on.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private static final String OWN_PREFIX = "io.jnet.";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final PrintStream out = System.err;
    private final Level own = level(Optional.ofNullable(System.getenv("JNET_LOG_LEVEL")));

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, this::create);
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    static Level level(Optional<String> wanted) {
        String name = wanted.orElse("").toUpperCase(Locale.ROOT);
        for (Level level : Level.values()) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        return Level.INFO;
    }

    private Logger create(String name) {
        return new LineLogger(name, name.startsWith(OWN_PREFIX) ? own : Level.WARN, out, LogFormat::current);
    }
}
