package io.jnet.netlink.address;

/** How far an address is valid (enum rt_scope_t). */
public enum AddressScope {
    GLOBAL(0),
    SITE(200),
    LINK(253),
    HOST(254);

    private final int number;

    AddressScope(int number) {
        this.number = number;
    }

    /** {@code RT_SCOPE_...}. */
    public int number() {
        return number;
    }
}
