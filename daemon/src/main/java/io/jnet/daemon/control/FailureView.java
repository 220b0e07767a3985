package io.jnet.daemon.control;

/**
 * A question that the daemon could not answer.
 *
 * @param error one line
 */
public record FailureView(String error) {}
