package io.jnet.daemon.prune;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.NetworkView;
import io.jnet.daemon.control.PoolView;
import io.jnet.daemon.control.RuntimeName;
import io.jnet.daemon.control.StatusView;
import io.jnet.daemon.control.SubnetView;
import io.jnet.daemon.docker.DockerClient;
import io.jnet.daemon.docker.DockerNetwork;
import io.jnet.daemon.prune.Forgotten.Kind;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what the daemon keeps for Docker with what Docker knows.
 *
 * <p>Docker asks its drivers first and records afterwards: RequestPool, CreateNetwork, the network's record; CreateEndpoint, the endpoint's
 * record. So what is new may be unknown to Docker because it is on its way. It is taken for forgotten when Docker did not know it in any of
 * {@link #LOOKS} looks, a second apart, the first of them after the daemon has had it ready. In between Docker has nothing to do but
 * to write a record, or to call a driver that does not answer, for which its patience is some fifteen seconds; a Docker engine that stands
 * still meanwhile answers no look. A daemon that was started again meanwhile may be asked once more for what was under way, so then
 * nothing is said.
 *
 * <p>Identities are random and never used again, so that what was found is still the same when it is removed.
 */
public final class ForgottenSearch {
    /** How often Docker must not know something. */
    public static final int LOOKS = 20;

    private static final String READY = "ready";
    private static final Set<String> UNJOINED = Set.of("created", "left");
    private static final String JOINED = "joined";

    /** Of drivers of Docker's own, which no pool of jnet is for. */
    private static final Set<String> OTHER_IPAM = Set.of("default", "null");

    private final ControlClient daemon;
    private final DockerClient docker;
    private final Pause pause;

    public ForgottenSearch(ControlClient daemon, DockerClient docker, Pause pause) {
        this.daemon = daemon;
        this.docker = docker;
        this.pause = pause;
    }

    /**
     * What Docker has forgotten, in the order in which it can be removed. Answers at once when Docker knows everything.
     *
     * @throws ClientException when the daemon or Docker does not answer, or the daemon was started again meanwhile
     */
    public List<Forgotten> find() throws InterruptedException {
        docker.requireRoot();
        StatusView before = daemon.get(StatusView.class, "status");
        Map<String, Candidate> candidates = candidates();
        for (int look = 1; look <= LOOKS && !candidates.isEmpty(); look++) {
            if (look > 1) {
                pause.pass();
            }
            dropKnown(candidates);
        }
        if (candidates.isEmpty()) {
            return List.of();
        }
        // What Docker was removing is gone by now, and what a container was leaving is left.
        Map<String, Candidate> still = candidates();
        StatusView after = daemon.get(StatusView.class, "status");
        if (before.pid() != after.pid() || !before.started().equals(after.started())) {
            throw ClientException.of("the daemon was started again meanwhile: run jnet prune once more");
        }
        still.keySet().retainAll(candidates.keySet());
        return still.values().stream()
                .map(Candidate::forgotten)
                .sorted((one, other) -> one.kind().compareTo(other.kind()))
                .toList();
    }

    /**
     * Something that Docker should know.
     *
     * @param network of an endpoint, its network's identity; of a pool, its range; of a network nothing
     */
    private record Candidate(Forgotten forgotten, String network) {}

    /** All that the daemon has made ready for Docker; what is half done is still being asked for. */
    private Map<String, Candidate> candidates() {
        EndpointView[] endpoints = daemon.get(EndpointView[].class, "endpoints");
        List<Candidate> all = new ArrayList<>();
        for (EndpointView endpoint : endpoints) {
            boolean joined = endpoint.state().equals(JOINED);
            if (endpoint.runtime().equals(RuntimeName.DOCKER) && (joined || UNJOINED.contains(endpoint.state()))) {
                String name = String.join(", ", endpoint.addresses()) + " of network " + endpoint.networkName();
                String use = joined
                        ? "network namespace " + endpoint.sandbox().orElse("of a container") + " has its interface"
                        : "";
                all.add(new Candidate(new Forgotten(Kind.ENDPOINT, endpoint.id(), name, use), endpoint.network()));
            }
        }
        Map<String, Long> joined = Stream.of(endpoints)
                .filter(endpoint -> !UNJOINED.contains(endpoint.state()))
                .collect(Collectors.groupingBy(EndpointView::network, Collectors.counting()));
        Map<String, Long> users = new HashMap<>();
        for (NetworkView network : daemon.get(NetworkView[].class, "networks")) {
            long ofNetwork = joined.getOrDefault(network.id(), 0L);
            network.subnets().forEach(subnet -> users.merge(subnet.prefix(), ofNetwork, Long::sum));
            if (network.runtime().equals(RuntimeName.DOCKER) && network.state().equals(READY)) {
                String name = network.name()
                        + network.subnets().stream()
                                .map(SubnetView::prefix)
                                .collect(Collectors.joining(", ", ", ", ""));
                all.add(new Candidate(new Forgotten(Kind.NETWORK, network.id(), name, use(ofNetwork)), ""));
            }
        }
        for (PoolView pool : daemon.get(PoolView[].class, "ipam", "pools")) {
            if (pool.runtime().equals(RuntimeName.DOCKER)) {
                String use = use(users.getOrDefault(pool.pool(), 0L));
                all.add(new Candidate(new Forgotten(Kind.POOL, pool.id(), pool.pool(), use), pool.pool()));
            }
        }
        Map<String, Candidate> byId = new HashMap<>();
        all.forEach(
                one -> byId.put(one.forgotten().kind() + " " + one.forgotten().id(), one));
        return byId;
    }

    private static String use(long containers) {
        return containers == 0 ? "" : containers + (containers == 1 ? " container is on it" : " containers are on it");
    }

    private void dropKnown(Map<String, Candidate> candidates) {
        List<DockerNetwork> known = docker.networks();
        Set<String> networks = known.stream().map(DockerNetwork::id).collect(Collectors.toSet());
        Set<IpPrefix> ranges = known.stream()
                .filter(network -> !OTHER_IPAM.contains(network.ipamDriver()))
                .flatMap(network -> network.subnets().stream())
                .filter(subnet -> !subnet.isEmpty())
                .map(subnet -> IpPrefix.parse(subnet).network())
                .collect(Collectors.toSet());
        Set<String> endpoints = new HashSet<>();
        candidates.values().stream()
                .filter(one -> one.forgotten().kind() == Kind.ENDPOINT)
                .map(Candidate::network)
                .distinct()
                .filter(networks::contains)
                .forEach(network -> endpoints.addAll(docker.networkEndpoints(network)));
        candidates.values().removeIf(one -> switch (one.forgotten().kind()) {
            case ENDPOINT -> endpoints.contains(one.forgotten().id());
            case NETWORK -> networks.contains(one.forgotten().id());
            case POOL -> ranges.contains(IpPrefix.parse(one.network()));
        });
    }
}
