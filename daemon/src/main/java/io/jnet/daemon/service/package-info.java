/** What is behind the daemon's sockets, put together for a host. Thread-safe once open. */
package io.jnet.daemon.service;
