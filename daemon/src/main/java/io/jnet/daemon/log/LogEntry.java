package io.jnet.daemon.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * An event.
 *
 * @param time when, to the millisecond
 * @param level how bad
 * @param logger the class, without its package
 * @param message what happened, with its arguments in place
 * @param pairs what it happened to
 * @param cause what should not have happened
 */
record LogEntry(
        Instant time,
        Level level,
        String logger,
        String message,
        List<KeyValuePair> pairs,
        Optional<Throwable> cause) {}
