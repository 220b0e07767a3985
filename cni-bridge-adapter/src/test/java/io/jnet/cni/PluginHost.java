package io.jnet.cni;

import io.jnet.engine.EngineSettings;
import io.jnet.engine.StoredEngine;
import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.engine.host.Residence;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.ipam.AddressManagement;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.FreshNamespace;
import java.nio.file.Path;

/** The plugin on the engine of the calling thread's network namespace, and the namespace of a container. */
final class PluginHost implements AutoCloseable {
    private final Path directory;
    StoredEngine engine;
    AddressManagement addresses;
    CniPlugin plugin;
    FreshNamespace inside;
    NetworkNamespace container;

    PluginHost(Path directory) {
        this.directory = directory;
        start();
        startContainer();
    }

    private void start() {
        engine = StoredEngine.open(
                directory,
                new EngineSettings(
                        PublishPolicy.OPEN,
                        changed -> ZoneFirewall.NONE,
                        directory -> new AnsweredNames(),
                        Residence.HOST));
        addresses = AddressManagement.open(engine.store(), PoolSettings.DEFAULT);
        plugin = new CniPlugin(engine, addresses.pools());
    }

    /** Ends the plugin's process and starts it again, as far as the host can tell. */
    void restart() {
        addresses.close();
        engine.close();
        start();
    }

    /** Another container, after the first has ended. */
    void startContainer() {
        inside = FreshNamespace.create();
        container = inside.call(NetworkNamespace::current);
    }

    /** Ends the container, and its network namespace with it. */
    void endContainer() {
        container.close();
        inside.close();
    }

    /** Removes all networks. */
    @Override
    public void close() {
        engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
        endContainer();
        addresses.close();
        engine.close();
    }
}
