/**
 * {@code docker network create} in the engine's words: options, subnets and flags become a {@link io.jnet.engine.network.NetworkSpec}.
 *
 * <p>Pure functions. What is invalid, unknown, or not offered by this version is an {@link io.jnet.engine.failure.EngineException} of category
 * {@code INVALID_REQUEST} or {@code UNSUPPORTED}. Names and meanings of {@code com.docker.network.*} options are those of moby's bridge driver
 * ({@code libnetwork/drivers/bridge/labels.go}).
 */
package io.jnet.driver.network;
