/** What front ends ask for: networks, endpoints and ports come and go, each as a whole or not at all. */
package io.jnet.engine.operation;
