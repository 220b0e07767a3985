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

    private static final int USUAL = 93;

    private final Machine machine;
    private final JnetDaemon jnet;
    private final int number;
    private final String name;
    private final String network;
    private final String both;

    private PluginContainer(Machine machine, JnetDaemon jnet, int number) {
        this.machine = machine;
        this.jnet = jnet;
        this.number = number;
        this.name = namespace(number);
        this.network = (number + "ab").repeat(16);
        this.both = "\"NetworkID\":\"%s\",\"EndpointID\":\"%s\"".formatted(network, (number + "cd").repeat(16));
    }

    /** Makes the network and the container. */
    public static PluginContainer start(Machine machine, JnetDaemon jnet) {
        return start(machine, jnet, USUAL, "");
    }

    /**
     * Makes one of several such networks, and its container.
     *
     * @param number two digits, which its addresses have in the second place: {@code 10.93.0.2}
     * @param options {@code -o} of {@code docker network create}, as members of a JSON object
     */
    public static PluginContainer start(Machine machine, JnetDaemon jnet, int number, String options) {
        PluginContainer container = new PluginContainer(machine, jnet, number);
        container.call(
                "CreateNetwork",
                """
                {"NetworkID":"%1$s","Options":{"com.docker.network.enable_ipv6":true,"com.docker.network.generic":{%2$s}},\
                "IPv4Data":[{"AddressSpace":"LocalDefault","Gateway":"10.%3$d.0.1/24","Pool":"10.%3$d.0.0/24"}],\
                "IPv6Data":[{"AddressSpace":"LocalDefault","Gateway":"fd00:%3$d::1/64","Pool":"fd00:%3$d::/64"}]}"""
                        .formatted(container.network, options, number));
        container.startAgain();
        return container;
    }

    /** Makes the container on its network, which was there before: after a reboot. */
    public void startAgain() {
        call(
                "CreateEndpoint",
                "{%s,\"Interface\":{\"Address\":\"%s/24\",\"AddressIPv6\":\"%s/64\",\"MacAddress\":\"\"},\"Options\":{}}"
                        .formatted(both, address(), address6()));
        String joined = call("Join", "{%s,\"SandboxKey\":\"/run/netns/%s\",\"Options\":{}}".formatted(both, name));
        String link = joined.replaceAll("(?s).*\"SrcName\" *: *\"([^\"]+)\".*", "$1");
        machine.shell("ip netns add %s && ip link set %s netns %s name eth0".formatted(name, link, name));
        inside("ip link set lo up && ip link set eth0 up && ip address add %s/24 dev eth0".formatted(address())
                + " && ip address add %s/64 dev eth0 nodad".formatted(address6())
                + " && ip route add default via 10.%1$d.0.1 && ip -6 route add default via fd00:%1$d::1"
                        .formatted(number));
    }

    /** The name of the network namespace of the container of that number. */
    public static String namespace(int number) {
        return number == USUAL ? "handmade" : "handmade" + number;
    }

    /** Its IPv4 address. */
    public String address() {
        return "10.%d.0.2".formatted(number);
    }

    /** Its IPv6 address. */
    public String address6() {
        return "fd00:%d::2".formatted(number);
    }

    /** The name of its network's bridge. */
    public String bridge() {
        return "jbr-" + network.substring(0, 11);
    }

    /** Publishes a port of the container on all addresses. */
    public void publish(int hostPort, int containerPort) {
        publishOn("", hostPort, containerPort);
    }

    /** Publishes a port of the container on one address of the host: the daemon serves nothing of it. */
    public void publishOn(String hostAddress, int hostPort, int containerPort) {
        call(
                "ProgramExternalConnectivity",
                """
                {%s,"Options":{"com.docker.network.portmap":[{"Proto":6,"IP":"","Port":%d,"HostIP":"%s","HostPort":%d,"HostPortEnd":%d}]}}"""
                        .formatted(both, containerPort, hostAddress, hostPort, hostPort));
    }

    /** Starts a server inside that goes on. */
    public void serve(String server) {
        machine.start("nsenter", "--net=/run/netns/" + name, "sh", "-c", server);
    }

    /** Removes the container and its network. */
    public void remove() {
        for (String method : List.of("RevokeExternalConnectivity", "Leave", "DeleteEndpoint")) {
            call(method, "{" + both + "}");
        }
        call("DeleteNetwork", "{\"NetworkID\":\"%s\"}".formatted(network));
        machine.shell("ip netns delete " + name);
    }

    @Override
    public CommandResult execute(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
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
