/**
 * What an address costs: jnet's IPAM driver on its plugin socket, and the reference plugin host-local as runtimes call it, a process and its
 * files. Thread and failure rules as in {@code io.jnet.bench}.
 */
package io.jnet.bench.address;
