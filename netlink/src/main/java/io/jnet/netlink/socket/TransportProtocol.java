package io.jnet.netlink.socket;

import java.util.Locale;

/** The protocols with ports that can be reserved. */
public enum TransportProtocol {
    TCP(6, 1),
    UDP(17, 2),
    /** Which many kernels do not have: opening a socket then fails with EPROTONOSUPPORT. */
    SCTP(132, 1);

    private final int number;
    private final int socketType;

    TransportProtocol(int number, int socketType) {
        this.number = number;
        this.socketType = socketType;
    }

    /**
     * The protocol with this IANA number.
     *
     * @throws IllegalArgumentException when it is neither 6, 17 nor 132
     */
    public static TransportProtocol of(int number) {
        for (TransportProtocol protocol : values()) {
            if (protocol.number == number) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("ports of protocol " + number + " cannot be reserved");
    }

    /** The IANA number, {@code IPPROTO_...}. */
    public int number() {
        return number;
    }

    /** {@code SOCK_STREAM} or {@code SOCK_DGRAM}. */
    int socketType() {
        return socketType;
    }

    /** {@code tcp}, {@code udp} or {@code sctp}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
