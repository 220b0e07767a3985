package io.jnet.bench.address;

import io.jnet.testbed.daemon.PluginClient;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A pool of jnet's IPAM driver that no network of dockerd has. */
final class JnetPool {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PluginClient client;
    private final String id;

    private JnetPool(PluginClient client, String id) {
        this.client = client;
        this.id = id;
    }

    static JnetPool filled(PluginClient client, String prefix, int addresses) {
        String answer = client.call(
                "IpamDriver.RequestPool",
                Map.of(
                        "AddressSpace",
                        "jnet-local",
                        "Pool",
                        prefix,
                        "SubPool",
                        "",
                        "Options",
                        Map.of(),
                        "V6",
                        prefix.contains(":")));
        JnetPool pool =
                new JnetPool(client, JSON.readTree(answer).path("PoolID").asString());
        for (int i = 0; i < addresses; i++) {
            pool.request();
        }
        return pool;
    }

    /** The address, without its length. */
    String request() {
        String answer =
                client.call("IpamDriver.RequestAddress", Map.of("PoolID", id, "Address", "", "Options", Map.of()));
        return JSON.readTree(answer).path("Address").asString().replaceFirst("/.*", "");
    }

    void release(String address) {
        client.call("IpamDriver.ReleaseAddress", Map.of("PoolID", id, "Address", address));
    }

    void release() {
        client.call("IpamDriver.ReleasePool", Map.of("PoolID", id));
    }
}
