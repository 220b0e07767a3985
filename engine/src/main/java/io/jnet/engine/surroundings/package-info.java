/** The host that networks come into: its ports to jnet, its forwarding, its other firewalls, bridges that were there before. */
package io.jnet.engine.surroundings;
