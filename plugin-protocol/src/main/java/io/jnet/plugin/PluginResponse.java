package io.jnet.plugin;

import io.jnet.engine.failure.ErrorCode;
import java.util.Optional;

/**
 * An answer to dockerd.
 *
 * @param status the HTTP status: 200, or another one for failures; 404 only for methods that do not exist
 * @param body one JSON object
 * @param failure the category of a failure; empty for a success
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the socket as it is; never compared
public record PluginResponse(int status, byte[] body, Optional<ErrorCode> failure) {}
