/** Callers of CNI plugins: by hand, as a runtime calls them. */
package io.jnet.testbed.cni;
