package io.jnet.netlink;

/** The fixed struct between a message's header and its attributes, one for each message family ({@code ifinfomsg}, {@code nfgenmsg}). */
@FunctionalInterface
public interface FamilyHeader {
    /** Writes the struct, padding included. */
    void write(NetlinkWriter writer);
}
