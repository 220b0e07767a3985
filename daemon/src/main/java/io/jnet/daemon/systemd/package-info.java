/**
 * What a service manager and the daemon tell each other: sockets that are passed at its start (sd_listen_fds(3)), and when it answers
 * (sd_notify(3)). Both are variables and a few bytes; where the variables are not set, nothing of this happens.
 */
package io.jnet.daemon.systemd;
