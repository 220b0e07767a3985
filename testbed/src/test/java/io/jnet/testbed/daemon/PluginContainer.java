package io.jnet.testbed.daemon;

import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.List;

/** A container without a container engine: a network namespace, on a network of its own that was made by words of Docker's plugin protocol. */
public final class PluginContainer implements Probe {
    /** Its addresses. */
    public static final String ADDRESS = "10.93.0.2";

    public static final String ADDRESS_6 = "fd00:93::2";

    private static final String NAME = "handmade";
    private static final String NETWORK = "93ab".repeat(16);
    private static final String ENDPOINT = "93cd".repeat(16);
    private static final String BOTH = "\"NetworkID\":\"%s\",\"EndpointID\":\"%s\"".formatted(NETWORK, ENDPOINT);

    private final Machine machine;
    private final JnetDaemon jnet;

    private PluginContainer(Machine machine, JnetDaemon jnet) {
        this.machine = machine;
        this.jnet = jnet;
    }

    /** Makes the network and the container. */
    public static PluginContainer start(Machine machine, JnetDaemon jnet) {
        PluginContainer container = new PluginContainer(machine, jnet);
        container.call(
                "CreateNetwork",
                """
                {"NetworkID":"%s","Options":{"com.docker.network.enable_ipv6":true,"com.docker.network.generic":{}},\
                "IPv4Data":[{"AddressSpace":"LocalDefault","Gateway":"10.93.0.1/24","Pool":"10.93.0.0/24"}],\
                "IPv6Data":[{"AddressSpace":"LocalDefault","Gateway":"fd00:93::1/64","Pool":"fd00:93::/64"}]}"""
                        .formatted(NETWORK));
        container.startAgain();
        return container;
    }

    /** Makes the container on its network, which was there before: after a reboot. */
    public void startAgain() {
        call(
                "CreateEndpoint",
                "{%s,\"Interface\":{\"Address\":\"%s/24\",\"AddressIPv6\":\"%s/64\",\"MacAddress\":\"\"},\"Options\":{}}"
                        .formatted(BOTH, ADDRESS, ADDRESS_6));
        String joined = call("Join", "{%s,\"SandboxKey\":\"/run/netns/%s\",\"Options\":{}}".formatted(BOTH, NAME));
        String link = joined.replaceAll("(?s).*\"SrcName\" *: *\"([^\"]+)\".*", "$1");
        machine.shell("ip netns add %s && ip link set %s netns %s name eth0".formatted(NAME, link, NAME));
        inside("ip link set lo up && ip link set eth0 up && ip address add %s/24 dev eth0".formatted(ADDRESS)
                + " && ip address add %s/64 dev eth0 nodad".formatted(ADDRESS_6)
                + " && ip route add default via 10.93.0.1 && ip -6 route add default via fd00:93::1");
    }

    /** Publishes a port of the container on all addresses. */
    public void publish(int hostPort, int containerPort) {
        call(
                "ProgramExternalConnectivity",
                """
                {%s,"Options":{"com.docker.network.portmap":[{"Proto":6,"IP":"","Port":%d,"HostIP":"","HostPort":%d,"HostPortEnd":%d}]}}"""
                        .formatted(BOTH, containerPort, hostPort, hostPort));
    }

    /** Starts a server inside that goes on. */
    public void serve(String server) {
        machine.start("nsenter", "--net=/run/netns/" + NAME, "sh", "-c", server);
    }

    /** Removes the container and its network. */
    public void remove() {
        for (String method : List.of("RevokeExternalConnectivity", "Leave", "DeleteEndpoint")) {
            call(method, "{" + BOTH + "}");
        }
        call("DeleteNetwork", "{\"NetworkID\":\"%s\"}".formatted(NETWORK));
        machine.shell("ip netns delete " + NAME);
    }

    @Override
    public CommandResult execute(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + NAME));
        whole.addAll(command);
        return machine.run(whole);
    }

    private void inside(String line) {
        execute(List.of("sh", "-c", line)).orThrow();
    }

    private String call(String method, String body) {
        String answer = jnet.post("/NetworkDriver." + method, body).orThrow().output();
        if (answer.contains("\"Err\"")) {
            throw new IllegalStateException(method + ": " + answer);
        }
        return answer;
    }
}
