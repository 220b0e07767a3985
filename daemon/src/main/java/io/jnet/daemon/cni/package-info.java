/** The CNI socket: calls of the executable {@code jnet-cni} (its opening comment has the messages), answered by the CNI plugin. */
package io.jnet.daemon.cni;
