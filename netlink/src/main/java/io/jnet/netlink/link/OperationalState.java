package io.jnet.netlink.link;

/** The state of RFC 2863, in the kernel's order (include/uapi/linux/if.h, IF_OPER_...). */
public enum OperationalState {
    UNKNOWN,
    NOT_PRESENT,
    DOWN,
    LOWER_LAYER_DOWN,
    TESTING,
    DORMANT,
    UP;

    static OperationalState of(int number) {
        return number < values().length ? values()[number] : UNKNOWN;
    }
}
