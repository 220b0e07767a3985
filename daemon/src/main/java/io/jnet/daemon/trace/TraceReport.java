package io.jnet.daemon.trace;

import java.util.List;

/**
 * What became of a packet.
 *
 * @param packet which one: {@code tcp 10.77.0.2:40000 -> 10.78.0.2:80}
 * @param passed whether it was answered, or as somebody else's was let through
 * @param steps what rules decided about it, in order
 * @param answer what rules decided about the first answer
 * @param end what happened, in words
 */
public record TraceReport(String packet, boolean passed, List<Step> steps, List<Step> answer, List<String> end) {
    public TraceReport {
        steps = List.copyOf(steps);
        answer = List.copyOf(answer);
        end = List.copyOf(end);
    }
}
