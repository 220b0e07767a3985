/** Published ports: requests, bindings, and the reservation of host ports. */
package io.jnet.engine.port;
