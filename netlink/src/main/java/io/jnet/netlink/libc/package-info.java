/**
 * The C library, as far as netlink, sockets and namespaces need it: the one package of this layer that calls native code (with
 * {@code io.jnet.netlink.nftables}, which binds libnftables).
 *
 * <p>Threads: a {@link io.jnet.netlink.libc.KernelSocket} and a {@link io.jnet.netlink.libc.Descriptor} have no lock of their own; their
 * owner orders calls and {@code close()}. The library is loaded at first use, once.
 *
 * <p>Failures: every return code goes through {@code Libc.check}, which throws a {@link io.jnet.netlink.libc.KernelException} with the
 * operation, its object and errno; calls that a signal interrupted (EINTR) are repeated.
 *
 * <p>Obeys the section 2 pages of the Linux manual. All numbers are those of include/uapi/asm-generic, which amd64 and arm64 share.
 */
package io.jnet.netlink.libc;
