/**
 * The log: one line an event on standard error, text or JSON, with time, level, class, message and key-value pairs; a stack trace only for what
 * should not happen. Found by slf4j through {@code META-INF/services}.
 *
 * <p>slf4j-simple formats times by Java's locale data, whose loading takes a fifth of the daemon's start. Thread-safe.
 */
package io.jnet.daemon.log;
