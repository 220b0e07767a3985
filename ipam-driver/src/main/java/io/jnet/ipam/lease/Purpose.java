package io.jnet.ipam.lease;

/** What an address was asked for. */
public enum Purpose {
    /** The network's gateway. */
    GATEWAY,
    /** Asked for by name while its network was being made: an auxiliary address, which may belong to a machine elsewhere. */
    RESERVED,
    /** A container. */
    ENDPOINT
}
