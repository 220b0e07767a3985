/** What others change on the host while jnet runs: the kernel's events, without jnet's own work and what is only said again. */
package io.jnet.engine.watch;
