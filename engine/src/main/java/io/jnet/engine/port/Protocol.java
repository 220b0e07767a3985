package io.jnet.engine.port;

import io.jnet.engine.failure.EngineException;

/** A transport protocol whose ports can be published, with its IP protocol number (IANA protocol numbers). */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The IP protocol number. */
    public int number() {
        return number;
    }

    /** The name in lower case, as in {@code 80/tcp}. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The protocol of an IP protocol number.
     *
     * @throws EngineException with {@code INVALID_REQUEST} for a number that has no ports to publish
     */
    public static Protocol of(int number) {
        for (Protocol protocol : values()) {
            if (protocol.number == number) {
                return protocol;
            }
        }
        throw EngineException.invalid(
                "cannot publish a port of IP protocol " + number + ": want tcp (6), udp (17) or sctp (132)");
    }
}
