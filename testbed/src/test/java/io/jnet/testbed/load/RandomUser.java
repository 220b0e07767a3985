package io.jnet.testbed.load;

import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.load.Expected.State;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Does what dockerd does for people who cannot make up their mind: networks and endpoints are made, joined, published, left and removed at
 * random. A call that the daemon's death has left without an answer is made again until it has one.
 */
public final class RandomUser implements Runnable {
    /** Networks that all users share; they are made before, and stay. */
    public static final int SHARED_NETWORKS = 4;

    private static final int MOST_ENDPOINTS = 3;
    private static final int FIRST_PORT = 20_000;
    /** Ports that several users want at the same time. */
    private static final int WANTED_PORTS = 16;

    private static final int FIRST_WANTED_PORT = 30_000;
    private static final int TCP = 6;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final int number;
    private final Supplier<PluginClient> connection;
    private final Expected expected;
    private final Lock step;
    private final AtomicBoolean ended;
    private final AtomicInteger answers;
    private final Random random;
    private final List<Slot> slots = new ArrayList<>();
    private Optional<PluginClient> client = Optional.empty();
    private boolean hasNetwork;

    /** A place for an endpoint, with what is known of the one that is there. */
    private static final class Slot {
        private final int number;
        private String network = "";
        private Optional<State> state = Optional.empty();
        private Set<Integer> ports = Set.of();

        Slot(int number) {
            this.number = number;
        }
    }

    /**
     * @param number which user this is, from 0
     * @param connection connects to the plugin socket
     * @param expected told of each answer
     * @param step held during each step
     * @param ended when to stop
     * @param answers counted
     */
    public RandomUser(
            int number,
            Supplier<PluginClient> connection,
            Expected expected,
            Lock step,
            AtomicBoolean ended,
            AtomicInteger answers) {
        this.number = number;
        this.connection = connection;
        this.expected = expected;
        this.step = step;
        this.ended = ended;
        this.answers = answers;
        this.random = new Random(number);
        for (int i = 0; i < MOST_ENDPOINTS; i++) {
            slots.add(new Slot(i));
        }
    }

    /** Makes the shared networks. */
    public static void makeSharedNetworks(PluginClient client, Expected expected) {
        for (int i = 0; i < SHARED_NETWORKS; i++) {
            client.call("NetworkDriver.CreateNetwork", networkRequest(sharedNetwork(i), sharedSubnet(i)));
            expected.network(sharedNetwork(i));
        }
    }

    /** Removes the shared networks. */
    public static void removeSharedNetworks(PluginClient client, Expected expected) {
        for (int i = 0; i < SHARED_NETWORKS; i++) {
            client.call("NetworkDriver.DeleteNetwork", Map.of("NetworkID", sharedNetwork(i)));
            expected.noNetwork(sharedNetwork(i));
        }
    }

    @Override
    public void run() {
        try {
            while (!ended.get()) {
                step.lock();
                try {
                    step();
                } finally {
                    step.unlock();
                }
            }
        } finally {
            client.ifPresent(PluginClient::close);
        }
    }

    /** Removes all that this user has. */
    public void leaveEverything() {
        slots.stream().filter(slot -> slot.state.isPresent()).forEach(this::delete);
        if (hasNetwork) {
            deleteNetwork();
        }
        client.ifPresent(PluginClient::close);
        client = Optional.empty();
    }

    private void step() {
        Slot slot = slots.get(random.nextInt(slots.size()));
        if (random.nextInt(10) == 0) {
            changeNetwork();
        } else if (slot.state.isEmpty()) {
            create(slot);
        } else {
            switch (slot.state.get()) {
                case CREATED -> either(() -> join(slot), () -> delete(slot));
                case JOINED -> either(() -> changePorts(slot), () -> leave(slot));
                case LEFT -> delete(slot);
            }
        }
    }

    private void either(Runnable usual, Runnable rare) {
        (random.nextInt(4) > 0 ? usual : rare).run();
    }

    private void changeNetwork() {
        boolean used = slots.stream().anyMatch(slot -> slot.state.isPresent() && slot.network.equals(ownNetwork()));
        if (!hasNetwork) {
            call("CreateNetwork", networkRequest(ownNetwork(), "10.81." + number));
            hasNetwork = true;
            expected.network(ownNetwork());
        } else if (!used) {
            deleteNetwork();
        }
    }

    private void deleteNetwork() {
        call("DeleteNetwork", Map.of("NetworkID", ownNetwork()));
        hasNetwork = false;
        expected.noNetwork(ownNetwork());
    }

    private void create(Slot slot) {
        boolean own = hasNetwork && random.nextBoolean();
        int shared = random.nextInt(SHARED_NETWORKS);
        slot.network = own ? ownNetwork() : sharedNetwork(shared);
        String subnet = own ? "10.81." + number : sharedSubnet(shared);
        String address = subnet + "." + (2 + number * MOST_ENDPOINTS + slot.number) + "/24";
        call(
                "CreateEndpoint",
                Map.of(
                        "NetworkID",
                        slot.network,
                        "EndpointID",
                        endpoint(slot),
                        "Options",
                        Map.of(),
                        "Interface",
                        Map.of("Address", address, "AddressIPv6", "", "MacAddress", "")));
        now(slot, State.CREATED, Set.of());
    }

    private void join(Slot slot) {
        call("Join", both(slot, Map.of("SandboxKey", "/run/docker/netns/" + endpoint(slot), "Options", Map.of())));
        now(slot, State.JOINED, Set.of());
    }

    private void changePorts(Slot slot) {
        if (!slot.ports.isEmpty() && random.nextBoolean()) {
            call("RevokeExternalConnectivity", both(slot, Map.of()));
            now(slot, State.JOINED, Set.of());
            return;
        }
        Set<Integer> ports = new TreeSet<>();
        ports.add(FIRST_PORT + number * MOST_ENDPOINTS + slot.number);
        if (random.nextInt(4) == 0) {
            ports.add(FIRST_WANTED_PORT + random.nextInt(WANTED_PORTS));
        }
        List<Map<String, Object>> bindings = ports.stream()
                .map(port -> Map.<String, Object>of(
                        "Proto", TCP, "IP", "", "Port", 80, "HostIP", "0.0.0.0", "HostPort", port, "HostPortEnd", port))
                .toList();
        try {
            call(
                    "ProgramExternalConnectivity",
                    both(slot, Map.of("Options", Map.of("com.docker.network.portmap", bindings))));
            now(slot, State.JOINED, ports);
        } catch (IllegalStateException refused) {
            // Somebody else has the port. All or none: what was published before still is.
            if (!refused.getMessage().contains("409 Conflict") || ports.size() == 1) {
                throw refused;
            }
        }
    }

    private void leave(Slot slot) {
        call("Leave", both(slot, Map.of()));
        now(slot, State.LEFT, Set.of());
    }

    private void delete(Slot slot) {
        call("DeleteEndpoint", both(slot, Map.of()));
        slot.state = Optional.empty();
        slot.ports = Set.of();
        expected.noEndpoint(endpoint(slot));
    }

    private void now(Slot slot, State state, Set<Integer> ports) {
        slot.state = Optional.of(state);
        slot.ports = Set.copyOf(ports);
        expected.endpoint(endpoint(slot), slot.network, state, ports);
    }

    /** dockerd too makes a call again that nobody answers. */
    private void call(String method, Map<String, ?> request) {
        while (true) {
            try {
                if (client.isEmpty()) {
                    client = Optional.of(connection.get());
                }
                client.get().call("NetworkDriver." + method, request);
                answers.incrementAndGet();
                return;
            } catch (UncheckedIOException dead) {
                client.ifPresent(PluginClient::close);
                client = Optional.empty();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private Map<String, Object> both(Slot slot, Map<String, Object> more) {
        Map<String, Object> request = new HashMap<>(more);
        request.put("NetworkID", slot.network);
        request.put("EndpointID", endpoint(slot));
        return request;
    }

    private static Map<String, Object> networkRequest(String id, String subnet) {
        return Map.of(
                "NetworkID",
                id,
                "Options",
                Map.of(),
                "IPv4Data",
                List.of(Map.of("AddressSpace", "LocalDefault", "Gateway", subnet + ".1/24", "Pool", subnet + ".0/24")),
                "IPv6Data",
                List.of());
    }

    private String endpoint(Slot slot) {
        return "%062x%02x"
                .formatted(number + 1, slot.number)
                .replaceFirst("^0{13}", "%013x".formatted(number * 16 + slot.number));
    }

    private String ownNetwork() {
        return "%011x%053x".formatted(number + 1, 0);
    }

    private static String sharedNetwork(int number) {
        return "5a%09x%053x".formatted(number, 0);
    }

    private static String sharedSubnet(int number) {
        return "10.80." + number;
    }
}
