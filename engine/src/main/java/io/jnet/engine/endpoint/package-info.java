/** Endpoints: a container's connection to one network. */
package io.jnet.engine.endpoint;
