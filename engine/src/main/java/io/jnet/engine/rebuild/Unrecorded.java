package io.jnet.engine.rebuild;

/**
 * Something of jnet that the kernel has and the state knows nothing of: another state's, or of a time that this one has not seen.
 *
 * @param object what it is: {@code bridge jbr-0123456789a}, {@code link jv0123456789abc}, {@code table inet jnet}
 * @param instance the identity of the state that made it; empty where that is not to be told
 */
public record Unrecorded(String object, String instance) {}
