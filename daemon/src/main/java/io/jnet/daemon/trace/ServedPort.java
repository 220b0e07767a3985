package io.jnet.daemon.trace;

import io.jnet.netlink.address.IpAddress;

/**
 * A published port that the daemon serves: who sends there has to do with the daemon, which connects to the container.
 *
 * @param name what it is called
 * @param container where the daemon passes it on to
 * @param port to which port there
 */
record ServedPort(String name, IpAddress container, int port) {}
