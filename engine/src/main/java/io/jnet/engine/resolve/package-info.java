/** Names on networks: what a network says of them, and the port to what answers them. */
package io.jnet.engine.resolve;
