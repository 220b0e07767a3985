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
                all.add(new Candidate(
                        new Forgotten(Kind.ENDPOINT, endpoint.id(), name, use, false), endpoint.network()));
            }
        }
        Map<String, Users> joined = Stream.of(endpoints)
                .filter(endpoint -> !UNJOINED.contains(endpoint.state()))
                .collect(Collectors.toMap(EndpointView::network, Users::of, Users::and));
        Map<String, Users> ofRanges = new HashMap<>();
        for (NetworkView network : daemon.get(NetworkView[].class, "networks")) {
            Users ofNetwork = joined.getOrDefault(network.id(), Users.NONE);
            network.subnets().forEach(subnet -> ofRanges.merge(subnet.prefix(), ofNetwork, Users::and));
            if (network.runtime().equals(RuntimeName.DOCKER) && network.state().equals(READY)) {
                String name = network.name()
                        + network.subnets().stream()
                                .map(SubnetView::prefix)
                                .collect(Collectors.joining(", ", ", ", ""));
                all.add(new Candidate(
                        new Forgotten(Kind.NETWORK, network.id(), name, ofNetwork.text(), ofNetwork.others() > 0), ""));
            }
        }
        for (PoolView pool : daemon.get(PoolView[].class, "ipam", "pools")) {
            if (pool.runtime().equals(RuntimeName.DOCKER)) {
                Users users = ofRanges.getOrDefault(pool.pool(), Users.NONE);
                all.add(new Candidate(
                        new Forgotten(Kind.POOL, pool.id(), pool.pool(), users.text(), users.others() > 0),
                        pool.pool()));
            }
        }
        Map<String, Candidate> byId = new HashMap<>();
        all.forEach(
                one -> byId.put(one.forgotten().kind() + " " + one.forgotten().id(), one));
        return byId;
    }

    /**
     * How many containers are on something.
     *
     * @param docker of Docker
     * @param others of runtimes of CNI, or attached by hand
     */
    private record Users(long docker, long others) {
        static final Users NONE = new Users(0, 0);

        static Users of(EndpointView endpoint) {
            boolean ofDocker = endpoint.runtime().equals(RuntimeName.DOCKER);
            return new Users(ofDocker ? 1 : 0, ofDocker ? 0 : 1);
        }

        Users and(Users more) {
            return new Users(docker + more.docker, others + more.others);
        }

        /** Empty where there are none. */
        String text() {
            if (others > 0) {
                return are(others, "of CNI ") + ", whose runtime or jnet detach takes them off";
            }
            return docker == 0 ? "" : are(docker, "");
        }

        private static String are(long containers, String whose) {
            return containers
                    + (containers == 1 ? " container " + whose + "is on it" : " containers " + whose + "are on it");
        }
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
