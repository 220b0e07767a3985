package io.jnet.netlink.address;

import java.util.Optional;

/**
 * An address to be given to a link.
 *
 * @param link the link's index
 * @param prefix the address and the length of its prefix
 * @param broadcast the broadcast address; IPv4 only. The kernel does not make one up: {@code ip} does
 * @param scope how far it is valid
 * @param duplicateDetection whether IPv6 looks for another owner first, which takes a second or more
 */
public record AddressAddition(
        int link,
        IpPrefix prefix,
        Optional<IpAddress> broadcast,
        AddressScope scope,
        DuplicateDetection duplicateDetection) {

    /** Whether the address is used only after duplicate address detection (RFC 4862 section 5.4). */
    public enum DuplicateDetection {
        PERFORMED,
        /** {@code IFA_F_NODAD}: for addresses that are known to be free. */
        SKIPPED
    }

    /** A global address without duplicate detection, with the prefix's last address as broadcast where IPv4 has one. */
    public static AddressAddition of(int link, IpPrefix prefix) {
        boolean hasBroadcast = prefix.family() == AddressFamily.INET && prefix.length() <= 30;
        return new AddressAddition(
                link,
                prefix,
                hasBroadcast ? Optional.of(prefix.last()) : Optional.empty(),
                AddressScope.GLOBAL,
                DuplicateDetection.SKIPPED);
    }

    /** The same with another scope. */
    public AddressAddition withScope(AddressScope other) {
        return new AddressAddition(link, prefix, broadcast, other, duplicateDetection);
    }

    /** The same with duplicate detection. */
    public AddressAddition withDuplicateDetection() {
        return new AddressAddition(link, prefix, broadcast, scope, DuplicateDetection.PERFORMED);
    }

    /** The same without a broadcast address. */
    public AddressAddition withoutBroadcast() {
        return new AddressAddition(link, prefix, Optional.empty(), scope, duplicateDetection);
    }
}
