/** Networks of CNI configurations: made with the first container, found again by name. */
package io.jnet.cni.network;
