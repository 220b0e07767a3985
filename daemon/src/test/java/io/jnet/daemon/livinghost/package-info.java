/** A host with a working jnet in network namespaces of this process, for tests of commands that look into a host. */
package io.jnet.daemon.livinghost;
