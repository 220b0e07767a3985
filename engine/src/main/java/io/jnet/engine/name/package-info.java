/** Names as a network is configured with: domain names, servers that are asked for others, records that the owner gives. */
package io.jnet.engine.name;
