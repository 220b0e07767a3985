package io.jnet.engine.firewall;

/**
 * The host's own forwarding policy, where it has one that jnet's table cannot overrule: an {@code accept} in one nftables table does not
 * save a packet from a {@code drop} in another.
 */
public interface ForwardAdmission {

    /** Has the host's forwarding chains, where there are any, accept what jnet's own chains accepted. Idempotent, and cheap when in place. */
    void admit();

    /** Puts back what {@link #admit} changed. Idempotent. */
    void withdraw();
}
