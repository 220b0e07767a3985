/** What a runtime says besides the configuration: command, environment, versions; and how errors are answered. */
package io.jnet.cni.protocol;
