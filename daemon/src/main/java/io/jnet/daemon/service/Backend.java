package io.jnet.daemon.service;

import io.jnet.cni.CniPlugin;
import io.jnet.engine.Engine;
import io.jnet.engine.EngineSettings;
import io.jnet.engine.StoredEngine;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.store.StateStore;
import io.jnet.firewalld.Firewalld;
import io.jnet.ipam.AddressManagement;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.pool.PoolSettings;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the sockets answer from.
 *
 * @param engine networks, endpoints and ports
 * @param pools address pools and leases
 * @param cni the CNI plugin
 * @param state what all of them keep their records in
 * @param resources closed in this order
 */
public record Backend(
        Engine engine, AddressPools pools, CniPlugin cni, StateStore state, Deque<AutoCloseable> resources)
        implements AutoCloseable {

    /** Opens the backend of a state folder. */
    @FunctionalInterface
    public interface Opener {
        /**
         * @throws EngineException when the state or the kernel cannot be used
         */
        Backend open(Path stateDirectory, PoolSettings settings, Deployment deployment);
    }

    /** The engine and the address management of the host that this process runs on. */
    public static Backend ofHost(Path stateDirectory, PoolSettings settings, Deployment deployment) {
        StoredEngine engine = StoredEngine.open(
                stateDirectory,
                new EngineSettings(
                        HostConfiguration.ofHost().publish(),
                        Firewalld::new,
                        deployment.names(),
                        deployment.residence()));
        try {
            AddressManagement addresses = AddressManagement.open(engine.store(), settings, deployment.addressUse());
            // The address management before the engine, whose store it uses.
            AddressPools pools = addresses.pools();
            engine.onAdoption(pools::leaseAdopted);
            engine.onRemovedEndpoint(addresses::userGone);
            return new Backend(
                    engine,
                    pools,
                    new CniPlugin(engine, pools),
                    engine.store(),
                    new ArrayDeque<>(List.of(addresses, engine)));
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public void close() {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new EngineException(ErrorCode.INTERNAL, "cannot release a resource: " + e.getMessage(), e);
            }
        }
    }
}
