/** The port to what answers names on networks, and the networks and endpoints that it sees. */
package io.jnet.engine.resolve;
