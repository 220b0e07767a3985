/**
 * Endpoints and published ports in the engine's words, and back in dockerd's.
 *
 * <p>Pure functions. What is invalid is an {@link io.jnet.engine.failure.EngineException} of category {@code INVALID_REQUEST}.
 */
package io.jnet.driver.endpoint;
