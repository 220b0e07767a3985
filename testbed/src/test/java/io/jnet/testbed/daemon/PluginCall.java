package io.jnet.testbed.daemon;

import io.jnet.testbed.machine.CommandResult;

/**
 * A call of the plugin protocol and the one that takes it back; the latter reads but the ids of the same body.
 *
 * @param method such as {@code NetworkDriver.Join}
 */
public record PluginCall(String method, String inverse, String body) {
    private static final String DRIVER = "NetworkDriver.";

    /** A network of both address families, {@code 10.91.0.0/24} and {@code fd00:91::/64}. */
    public static final PluginCall DUAL = network(
            "CreateNetwork",
            "DeleteNetwork",
            "'NetworkID':'DUAL','Options':{'com.docker.network.enable_ipv6':true},"
                    + "'IPv4Data':[{'AddressSpace':'LocalDefault','Gateway':'10.91.0.1/24','Pool':'10.91.0.0/24'}],"
                    + "'IPv6Data':[{'AddressSpace':'LocalDefault','Gateway':'fd00:91::1/64','Pool':'fd00:91::/64'}]");

    /** An internal network, {@code 10.92.0.0/24}. */
    public static final PluginCall INTERNAL = network(
            "CreateNetwork",
            "DeleteNetwork",
            "'NetworkID':'INNER','Options':{'com.docker.network.internal':true},"
                    + "'IPv4Data':[{'AddressSpace':'LocalDefault','Gateway':'10.92.0.1/24','Pool':'10.92.0.0/24'}],"
                    + "'IPv6Data':[]");

    /** An endpoint on {@link #DUAL}. */
    public static final PluginCall ENDPOINT = network(
            "CreateEndpoint",
            "DeleteEndpoint",
            "'NetworkID':'DUAL','EndpointID':'ENDPOINT','Options':{},"
                    + "'Interface':{'Address':'10.91.0.2/24','AddressIPv6':'fd00:91::2/64','MacAddress':''}");

    /** The container of {@link #ENDPOINT}. */
    public static final PluginCall JOIN = network(
            "Join",
            "Leave",
            "'NetworkID':'DUAL','EndpointID':'ENDPOINT','SandboxKey':'/run/docker/netns/0','Options':{}");

    /** Two published ports of {@link #ENDPOINT}: 8080/tcp, and 5353/udp on 127.0.0.1. */
    public static final PluginCall PROGRAM = network(
            "ProgramExternalConnectivity",
            "RevokeExternalConnectivity",
            "'NetworkID':'DUAL','EndpointID':'ENDPOINT','Options':{'com.docker.network.portmap':["
                    + "{'Proto':6,'IP':'','Port':80,'HostIP':'','HostPort':8080,'HostPortEnd':8080},"
                    + "{'Proto':17,'IP':'','Port':53,'HostIP':'127.0.0.1','HostPort':5353,'HostPortEnd':5353}]}");

    private static PluginCall network(String method, String inverse, String body) {
        return of(
                DRIVER + method,
                DRIVER + inverse,
                body.replace("DUAL", "da1a".repeat(16))
                        .replace("INNER", "1b1b".repeat(16))
                        .replace("ENDPOINT", "e0e0".repeat(16)));
    }

    /**
     * A call whose body is written with single quotes and without the outermost braces.
     *
     * @param method with the name of the interface, as {@code inverse}
     */
    public static PluginCall of(String method, String inverse, String body) {
        return new PluginCall(method, inverse, "{" + body.replace('\'', '"') + "}");
    }

    /** Makes the call. */
    public CommandResult make(JnetDaemon jnet) {
        return jnet.post("/" + method, body);
    }

    /** The call that takes this one back, whose inverse is this one. */
    public PluginCall back() {
        return new PluginCall(/* method= */ inverse, /* inverse= */ method, body);
    }

    /** Whether an answer says that a call failed, or there is none. */
    public static boolean isError(CommandResult answer) {
        return !answer.succeeded() || answer.output().contains("\"Err\":\"");
    }
}
