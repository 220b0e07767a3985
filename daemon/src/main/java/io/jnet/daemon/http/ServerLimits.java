package io.jnet.daemon.http;

import io.jnet.daemon.socket.PeerPolicy;
import java.time.Duration;

/**
 * How much a server lets its clients do.
 *
 * @param threads how many requests run at a time
 * @param stall how long a client may pause in the middle of a request or of its answer; between requests it may be silent for ever
 * @param arrival how long the body of a request may take from its first byte to its last, however steadily it comes
 * @param largestBody the largest body of a request, in bytes
 * @param peers who is served
 */
public record ServerLimits(int threads, Duration stall, Duration arrival, int largestBody, PeerPolicy peers) {}
