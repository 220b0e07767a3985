/**
 * The core of jnet: networks, endpoints and published ports, on one store, one ruleset and one set of links.
 *
 * <p>Knows neither Docker nor CNI: front ends map their protocol onto {@link io.jnet.engine.Engine}, whose values are in the packages
 * {@code network}, {@code endpoint}, {@code port} and {@code name}. Failures are {@link io.jnet.engine.failure.EngineException}s with a
 * category and one line for a person. What does the work is in {@code operation} (what is asked for), {@code upkeep} (what keeps it so) and
 * {@code rebuild} (a lost state); they reach the host through the ports in {@code link}, {@code firewall}, {@code host}, {@code watch},
 * {@code forwarding}, {@code flow}, {@code traffic}, {@code relay} and {@code resolve}.
 */
package io.jnet.engine;
