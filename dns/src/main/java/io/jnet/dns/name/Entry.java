package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.engine.name.StaticRecord.ServiceLocation;
import java.util.List;

/** What is known of one name. */
public sealed interface Entry {
    /** Seconds for which what says this may be kept. */
    int ttl();

    /** Addresses and services. */
    record Host(Rotation ipv4, Rotation ipv6, List<ServiceLocation> services, int ttl) implements Entry {
        public Host {
            services = List.copyOf(services);
        }
    }

    /**
     * Another name of a container.
     *
     * @param target its own name, in the form of the name that this is the entry of: with the network's domain, or without
     * @param host what is known of that
     */
    record Alias(WireName target, Host host, int ttl) implements Entry {}

    /**
     * Another name, as a static record says.
     *
     * @param target any name
     */
    record StaticAlias(WireName target, int ttl) implements Entry {}

    /**
     * The name of an address.
     *
     * @param target the container's name with the network's domain
     */
    record Pointer(WireName target, int ttl) implements Entry {}

    /** A name that has others below it, and nothing itself. */
    record Empty(int ttl) implements Entry {}
}
