package io.jnet.daemon.docker;

import java.util.List;

/**
 * A network that Docker knows.
 *
 * @param id its identity
 * @param driver the driver's name
 * @param ipamDriver the name of the driver that gives its addresses; {@code default} for Docker's own
 * @param subnets its ranges, as Docker writes them
 */
public record DockerNetwork(String id, String driver, String ipamDriver, List<String> subnets) {}
