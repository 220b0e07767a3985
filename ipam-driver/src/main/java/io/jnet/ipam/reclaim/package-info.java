/**
 * Freeing what runtimes forgot to give back. {@link io.jnet.ipam.reclaim.Reclaiming} decides, {@link io.jnet.ipam.reclaim.Reclaimer} is the
 * thread that calls it. What cannot be looked into is never freed.
 */
package io.jnet.ipam.reclaim;
