/**
 * What the kernel has counted of networks and published ports. Nothing is counted for this: the counters are there anyway.
 *
 * <p>Threads: the port may be asked by any thread, beside operations, which it never keeps waiting.
 */
package io.jnet.engine.traffic;
