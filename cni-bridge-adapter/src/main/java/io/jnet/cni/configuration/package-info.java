/**
 * The network configuration that a runtime writes to the plugin's standard input, read and checked: keys of the reference bridge plugin
 * with their meaning, and jnet's own address management. Pure.
 *
 * <p>Failures: {@link io.jnet.cni.protocol.CniException}, with key and value named.
 */
package io.jnet.cni.configuration;
