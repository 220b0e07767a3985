package io.jnet.firewalld;

import io.jnet.netlink.link.InterfaceName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.freedesktop.dbus.DBusMatchRule;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.types.Variant;

/** One connection to the system bus, for firewalld's interfaces. Not thread-safe; signals come on a thread of the connection. */
final class FirewalldBus implements AutoCloseable {
    private static final String NAME = "org.fedoraproject.FirewallD1";
    private static final String PATH = "/org/fedoraproject/FirewallD1";

    /** The zone that jnet's bridges are put into where the host's owner has made one of this name. */
    private static final String OWN_ZONE = "jnet";

    /** The one of firewalld's own zones from which everything may be forwarded. */
    private static final String TRUSTED_ZONE = "trusted";

    /** What changes zones, policies, or all of it. */
    private static final List<List<String>> SIGNALS = List.of(
            List.of(NAME, "Reloaded"),
            List.of(NAME, "DefaultZoneChanged"),
            List.of(NAME + ".policy", "PolicyUpdated"),
            List.of(NAME + ".zone", "ZoneOfInterfaceChanged"),
            List.of(NAME + ".zone", "ZoneChanged"),
            List.of(NAME + ".zone", "InterfaceAdded"),
            List.of(NAME + ".zone", "InterfaceRemoved"));

    private final DBusConnection connection;

    private FirewalldBus(DBusConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects to the system bus.
     *
     * @param changed is told of each signal
     * @throws DBusException when there is no bus
     */
    static FirewalldBus connect(Runnable changed) throws DBusException {
        DBusConnection connection = DBusConnectionBuilder.forSystemBus()
                .withShared(false)
                .withDisconnectCallback(new IDisconnectCallback() {
                    @Override
                    public void disconnectOnError(IOException lost) {
                        changed.run();
                    }
                })
                .build();
        try {
            for (List<String> signal : SIGNALS) {
                connection.addGenericSigHandler(
                        new DBusMatchRule("signal", signal.get(0), signal.get(1)), heard -> changed.run());
            }
            // One that starts says nothing else. One that ends is not asked: the bus would start it again.
            connection.addSigHandler(DBus.NameOwnerChanged.class, owner -> {
                if (owner.name.equals(NAME) && !owner.newOwner.isEmpty()) {
                    changed.run();
                }
            });
            return new FirewalldBus(connection);
        } catch (DBusException | RuntimeException e) {
            connection.disconnect();
            throw e;
        }
    }

    /**
     * Puts bridges into a zone; one that somebody has put into another meanwhile stays there. firewalld takes some hundredths of a second for each.
     *
     * @throws DBusExecutionException when firewalld has refused one or several, after all were tried
     */
    void join(Collection<InterfaceName> bridges) throws DBusException {
        if (bridges.isEmpty()) {
            return;
        }
        ZoneInterface zones = object(ZoneInterface.class);
        String zone = zones.getZones().contains(OWN_ZONE) ? OWN_ZONE : TRUSTED_ZONE;
        List<String> refused = new ArrayList<>();
        for (InterfaceName bridge : bridges) {
            try {
                zones.addInterface(zone, bridge.value());
            } catch (DBusExecutionException refusal) {
                if (!connection.isConnected()) {
                    throw refusal;
                }
                if (!isInSomeZone(refusal)) {
                    refused.add(bridge + ": " + refusal.getMessage());
                }
            }
        }
        if (!refused.isEmpty()) {
            throw new DBusExecutionException(String.join("; ", refused));
        }
    }

    private static boolean isInSomeZone(DBusExecutionException refusal) {
        return says(refusal, "ZONE_ALREADY_SET") || says(refusal, "ZONE_CONFLICT");
    }

    /** @param code what firewalld's message begins with */
    private static boolean says(DBusExecutionException refusal, String code) {
        return String.valueOf(refusal.getMessage()).startsWith(code);
    }

    /** Takes a bridge out of the zone that it was put into. Another one is its owner's choice, and counts for the next bridge of that name too. */
    void leave(InterfaceName bridge) throws DBusException {
        ZoneInterface zones = object(ZoneInterface.class);
        String zone = zones.getZoneOfInterface(bridge.value());
        if (zone.equals(OWN_ZONE) || zone.equals(TRUSTED_ZONE)) {
            zones.removeInterface(zone, bridge.value());
        }
    }

    Zones zones() throws DBusException {
        Map<String, String> byInterface = new HashMap<>();
        Set<String> ofSources = new HashSet<>();
        object(ZoneInterface.class).getActiveZones().forEach((zone, members) -> {
            members.getOrDefault("interfaces", List.of()).forEach(link -> byInterface.put(link, zone));
            if (!members.getOrDefault("sources", List.of()).isEmpty()) {
                ofSources.add(zone);
            }
        });
        return new Zones(object(MainInterface.class).getDefaultZone(), byInterface, ofSources);
    }

    List<Policy> policies() throws DBusException {
        PolicyInterface source = object(PolicyInterface.class);
        MainInterface main = object(MainInterface.class);
        List<Policy> policies = new ArrayList<>();
        for (String name : source.getPolicies()) {
            Map<String, Variant<?>> settings = source.getPolicySettings(name);
            // Since firewalld 2.4.
            if (settings.containsKey("disable")
                    && Boolean.TRUE.equals(settings.get("disable").getValue())) {
                continue;
            }
            policies.add(Policy.of(
                    new HashSet<>(texts(settings, "ingress_zones")),
                    new HashSet<>(texts(settings, "egress_zones")),
                    settings.containsKey("target")
                            ? settings.get("target").getValue().toString()
                            : "",
                    pairs(settings, "ports"),
                    texts(settings, "services"),
                    texts(settings, "rich_rules"),
                    service -> servicePorts(main, service)));
        }
        return policies;
    }

    private static List<List<String>> servicePorts(MainInterface main, String service) {
        try {
            return pairs(main.getServiceSettings2(service), "ports");
        } catch (DBusExecutionException unknown) {
            // A policy may name a service that is no more.
            return List.of();
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }

    private <T extends DBusInterface> T object(Class<T> type) throws DBusException {
        return connection.getRemoteObject(NAME, PATH, type);
    }

    private static List<String> texts(Map<String, Variant<?>> settings, String key) {
        return elements(settings, key).stream().map(Object::toString).toList();
    }

    private static List<List<String>> pairs(Map<String, Variant<?>> settings, String key) {
        return elements(settings, key).stream()
                .map(FirewalldBus::elements)
                .map(pair -> pair.stream().map(Object::toString).toList())
                .toList();
    }

    private static List<Object> elements(Map<String, Variant<?>> settings, String key) {
        return settings.containsKey(key) ? elements(settings.get(key).getValue()) : List.of();
    }

    /** Arrays and structs come as the one or the other. */
    private static List<Object> elements(Object value) {
        if (value instanceof Object[] array) {
            return Arrays.asList(array);
        }
        return value instanceof Collection<?> collection ? List.copyOf(collection) : List.of();
    }
}
