package io.jnet.netlink.namespace;

/**
 * What tells namespaces apart: two descriptors mean one namespace when both numbers agree (namespaces(7)). An inode number may be used
 * again after a namespace has ended; {@link NetworkNamespaceCookie} is not.
 *
 * @param device of the nsfs file system
 * @param inode of the namespace
 */
public record NamespaceIdentity(long device, long inode) {
    /** {@code 4:4026531840}, device and inode in decimal. */
    @Override
    public String toString() {
        return device + ":" + inode;
    }
}
