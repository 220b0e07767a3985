/**
 * Many endpoints at once, without a container engine: real network namespaces, joined through the plugin protocol by one process, which
 * serves in all of them; and a client that has a connection to each at the same time.
 *
 * <p>The programs run on a testbed machine, in a Java of their own. Thread rules: a namespace is entered on a thread that ends afterwards.
 */
package io.jnet.testbed.crowd;
