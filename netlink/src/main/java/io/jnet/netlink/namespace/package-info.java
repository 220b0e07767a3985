/**
 * Network namespaces, as {@code ip netns} and {@code nsenter} use them.
 *
 * <p>Threads: a namespace belongs to a thread. It is entered inside {@link io.jnet.netlink.namespace.NetworkNamespace#run} only, on a
 * platform thread of its own that ends afterwards. A socket that was opened there stays bound to that namespace and can be used from
 * anywhere.
 *
 * <p>Failures: {@link io.jnet.netlink.libc.KernelException}.
 *
 * <p>Obeys namespaces(7), network_namespaces(7), setns(2), ioctl_nsfs(2).
 */
package io.jnet.netlink.namespace;
