/**
 * The kernel's settings below {@code net}: those of one interface, {@code net.ipv4.conf.NAME.KEY} and {@code net.ipv6.conf.NAME.KEY}, and others.
 *
 * <p>Threads: a setting is that of the network namespace of the thread that opens the file, so of the CALLING thread.
 *
 * <p>Failures: {@link io.jnet.netlink.sysctl.SysctlException} with the name of the setting.
 *
 * <p>Obeys Documentation/networking/ip-sysctl.rst.
 */
package io.jnet.netlink.sysctl;
