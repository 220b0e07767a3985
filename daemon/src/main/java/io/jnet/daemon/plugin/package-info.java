/** The socket that dockerd calls: HTTP on one side, {@link io.jnet.plugin.DockerPlugin} on the other. Thread-safe. */
package io.jnet.daemon.plugin;
