package io.jnet.plugin;

/**
 * An answer to dockerd.
 *
 * @param status the HTTP status: 200, or another one for failures; 404 only for methods that do not exist
 * @param body one JSON object
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the socket as it is; never compared
public record PluginResponse(int status, byte[] body) {}
