package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;

/**
 * One element of {@code com.docker.network.portmap}: moby's {@code types.PortBinding}. Its {@code IP} is always empty in requests.
 *
 * @param proto the IP protocol number
 * @param port the container's port
 * @param hostIp the host's address; empty: every address
 * @param hostPort the first host port; 0: any
 * @param hostPortEnd the last host port of which one is to be taken; 0: the same as {@code hostPort}
 */
public record PublishedPort(
        @JsonProperty("Proto") int proto,
        @JsonProperty("Port") int port,
        @JsonProperty("HostIP") String hostIp,
        @JsonProperty("HostPort") int hostPort,
        @JsonProperty("HostPortEnd") int hostPortEnd) {
    public PublishedPort {
        hostIp = Absent.toEmpty(hostIp);
    }
}
