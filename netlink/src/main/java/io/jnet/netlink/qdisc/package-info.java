/**
 * Queueing disciplines and filters, as {@code tc} shows them: what delays the packets of a link.
 *
 * <p>{@link io.jnet.netlink.qdisc.Qdiscs} and {@link io.jnet.netlink.qdisc.Filters} ask and change; a
 * {@link io.jnet.netlink.qdisc.Qdisc} or {@link io.jnet.netlink.qdisc.Filter} is what the kernel answered, with every attribute that this
 * package does not know kept as bytes.
 *
 * <p>Threads: values are immutable; {@code Qdiscs} and {@code Filters} are as thread-safe as their socket, and act in that socket's network
 * namespace.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}; ENOENT where the kernel does not know the kind of a qdisc, filter or action.
 *
 * <p>Obeys rtnetlink(7), tc(8), include/uapi/linux/rtnetlink.h and pkt_sched.h, net/sched/sch_api.c, sch_tbf.c, cls_api.c, cls_u32.c,
 * act_mirred.c.
 */
package io.jnet.netlink.qdisc;
