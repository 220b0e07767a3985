/** Network interfaces, as {@code ip link} shows them: names, MAC addresses, bridges and veth pairs. */
package io.jnet.netlink.link;
