package io.jnet.daemon.service;

import io.jnet.daemon.host.Capability;
import io.jnet.dns.listen.SocketKeeper;
import io.jnet.engine.host.Residence;
import io.jnet.engine.resolve.Directory;
import io.jnet.engine.resolve.NameService;
import io.jnet.ipam.host.KernelAddressUse;
import io.jnet.ipam.reclaim.AddressUse;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * How jnet runs on its host, and what it may do and see there.
 *
 * @param residence what it is to others, and where the host's settings are
 * @param addressUse who is looked at before an address is freed that a runtime forgot
 * @param capabilities what the process needs to be allowed
 * @param names makes what answers names on networks
 */
public record Deployment(
        Residence residence,
        AddressUse addressUse,
        List<Capability> capabilities,
        Function<Directory, NameService> names) {
    /** A process of the host: a service, or a command. */
    public static final Deployment PROCESS = new Deployment(
            Residence.HOST,
            new KernelAddressUse(),
            List.of(Capability.CAP_NET_ADMIN, Capability.CAP_SYS_ADMIN),
            directory -> new NamesOnDemand(directory, SocketKeeper.NONE));

    /** The CNI plugin by itself, for a call: nobody would be there to answer names afterwards. */
    public static final Deployment ONE_CALL = new Deployment(
            PROCESS.residence(), PROCESS.addressUse(), PROCESS.capabilities(), directory -> NameService.NONE);

    /**
     * A managed plugin of Docker, in a container that shares the host's network namespace and nothing else. Docker mounts its /proc/sys
     * read-only: plugin-config.json has the host's /proc/sys/net at another place. It enters no namespace.
     */
    public static final Deployment MANAGED_PLUGIN = new Deployment(
            new Residence(
                    "Docker's managed plugin", "disable it (docker plugin disable --force)", Path.of("/host/proc/sys")),
            AddressUse.UNSEEN,
            List.of(Capability.CAP_NET_ADMIN),
            PROCESS.names());

    public Deployment {
        capabilities = List.copyOf(capabilities);
    }

    /** The same, with somebody who keeps the sockets at which names are answered. */
    public Deployment keeping(SocketKeeper keeper) {
        return new Deployment(residence, addressUse, capabilities, directory -> new NamesOnDemand(directory, keeper));
    }
}
