/** The port to what answers names on networks, what it sees of the state, and who listens where. */
package io.jnet.engine.resolve;
