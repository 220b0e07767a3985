package io.jnet.daemon.log;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Writes events, each in one write so that lines of threads do not mix. */
@SuppressWarnings("serial") // a logger is found by its name, and never sent anywhere
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private final transient PrintStream out;
    private final transient Supplier<LogFormat> format;
    private final Level least;
    private final String shortName;

    LineLogger(String name, Level least, PrintStream out, Supplier<LogFormat> format) {
        this.format = format;
        this.name = name;
        this.least = least;
        this.out = out;
        shortName = name.substring(name.lastIndexOf('.') + 1);
    }

    @Override
    public void log(LoggingEvent event) {
        List<Object> arguments = event.getArguments();
        write(
                event.getLevel(),
                MessageFormatter.basicArrayFormat(event.getMessage(), arguments == null ? null : arguments.toArray()),
                event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs(),
                event.getThrowable());
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String message, Object[] arguments, Throwable cause) {
        write(level, MessageFormatter.basicArrayFormat(message, arguments), List.of(), cause);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return LineLogger.class.getName();
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
        return isEnabled(Level.ERROR);
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= least.toInt();
    }

    private void write(Level level, String message, List<KeyValuePair> pairs, Throwable cause) {
        LogEntry entry = new LogEntry(
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                level,
                shortName,
                message,
                pairs,
                Optional.ofNullable(cause));
        out.print(format.get().line(entry));
        out.flush();
    }
}
