/** IP addresses and prefixes, and the addresses of links, as {@code ip address} shows them. */
package io.jnet.netlink.address;
