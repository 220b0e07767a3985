/** Network namespaces that somebody attaches by hand: what is meant by a path, a process or a container, and the files that {@code ip netns} has for them. */
package io.jnet.daemon.attach;
