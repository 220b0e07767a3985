/** Attaching containers to networks, and detaching them: what the commands of the protocol do. */
package io.jnet.cni.attachment;
