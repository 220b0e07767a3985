package io.jnet.daemon.client;

/**
 * An answer.
 *
 * @param status the HTTP status
 * @param body the whole body
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record HttpAnswer(int status, byte[] body) {}
