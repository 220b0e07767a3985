/** jnet as a CNI plugin, beside the reference plugins in a chain. */
package io.jnet.bench.cni;
