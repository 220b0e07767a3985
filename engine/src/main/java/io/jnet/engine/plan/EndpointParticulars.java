package io.jnet.engine.plan;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.link.Particulars;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What of an endpoint nothing in the host's namespace shows, as the alias of the host's end of its veth pair says it. A key, once given, keeps
 * its meaning: aliases outlive the version that wrote them.
 */
public final class EndpointParticulars {
    private static final String ADDRESSES = "addr";
    private static final String MAC = "mac";
    private static final String PUBLISH = "publish";
    private static final String HOLDER = "ports";
    private static final String RUNTIME = "runtime";
    private static final String INGRESS = "in";
    private static final String EGRESS = "out";
    private static final String NETWORK = "net";
    private static final String NETWORK_NAME = "name";
    private static final String NETWORK_PUBLISH = "netpublish";
    private static final String SINGLE_FAMILY = "any";
    private static final String CONTAINER = "ctr";
    private static final String SANDBOX = "box";
    private static final String SLASH = "/";

    private final Particulars particulars;

    public EndpointParticulars(Particulars particulars) {
        this.particulars = particulars;
    }

    static Particulars of(Network network, Endpoint endpoint) {
        EndpointSpec spec = endpoint.spec();
        Particulars.Builder builder = new Particulars.Builder()
                .with(ADDRESSES, spec.addresses())
                .with(MAC, spec.mac())
                .with(PUBLISH, PolicyText.of(spec.publish()))
                .with(HOLDER, Optional.of(RUNTIME).filter(text -> spec.portHolder() == PortHolder.RUNTIME))
                .with(
                        SINGLE_FAMILY,
                        endpoint.ports().stream()
                                .filter(binding -> isOfSingleFamily(spec, binding))
                                .map(EndpointParticulars::text)
                                .toList())
                .with(INGRESS, spec.bandwidth().ingress().map(EndpointParticulars::text))
                .with(EGRESS, spec.bandwidth().egress().map(EndpointParticulars::text));
        if (network.adopted().isPresent()) {
            // The bridge's alias is its owner's.
            builder.with(NETWORK, network.id().value())
                    .with(
                            NETWORK_PUBLISH,
                            PolicyText.of(network.spec().exterior().publish()))
                    .with(NETWORK_NAME, network.spec().name());
        }
        return builder.with(CONTAINER, spec.container())
                .with(SANDBOX, endpoint.sandbox().filter(path -> !path.isEmpty()))
                .build();
    }

    /**
     * Whether a port is published on every address of one family, for a container that has only that: the rules are the same as for one on every
     * address of the host, of which the daemon serves the other family.
     */
    public static boolean isOfSingleFamily(EndpointSpec endpoint, PortBinding binding) {
        return binding.hostAddress().filter(IpAddress::isAny).isPresent()
                && Arrays.stream(AddressFamily.values())
                        .allMatch(family -> endpoint.address(family).isPresent()
                                == (family == binding.hostAddress().get().family()));
    }

    /** Whether a port is said to be one of {@link #isOfSingleFamily}. */
    public boolean areOfSingleFamily(Protocol protocol, PortRange hostPorts) {
        return particulars.list(SINGLE_FAMILY).contains(text(protocol, hostPorts));
    }

    /** Whether something had no room, or nothing is said. */
    public boolean areIncomplete() {
        return !particulars.complete() || addresses().isEmpty();
    }

    public List<IpPrefix> addresses() {
        return particulars.list(ADDRESSES).stream().map(IpPrefix::parse).toList();
    }

    public Optional<MacAddress> mac() {
        return particulars.value(MAC).map(MacAddress::parse);
    }

    public PublishPolicy publish() {
        return PolicyText.parse(particulars.value(PUBLISH));
    }

    /** Where the bridge does not say it. */
    public PublishPolicy networkPublish() {
        return PolicyText.parse(particulars.value(NETWORK_PUBLISH));
    }

    public PortHolder portHolder() {
        return particulars.value(HOLDER).filter(RUNTIME::equals).isPresent() ? PortHolder.RUNTIME : PortHolder.ENGINE;
    }

    public Bandwidth bandwidth() {
        return new Bandwidth(
                particulars.value(INGRESS).map(EndpointParticulars::limit),
                particulars.value(EGRESS).map(EndpointParticulars::limit));
    }

    /** Where the bridge does not say it. */
    public Optional<NetworkId> network() {
        return particulars.value(NETWORK).map(NetworkId::new);
    }

    /** Where the bridge does not say it. */
    public Optional<String> networkName() {
        return particulars.value(NETWORK_NAME);
    }

    public Optional<String> container() {
        return particulars.value(CONTAINER);
    }

    public Optional<String> sandbox() {
        return particulars.value(SANDBOX);
    }

    private static String text(PortBinding binding) {
        return text(binding.protocol(), binding.hostPorts());
    }

    private static String text(Protocol protocol, PortRange hostPorts) {
        return hostPorts + SLASH + protocol.text();
    }

    private static String text(RateLimit limit) {
        return limit.rate() + SLASH + limit.burst();
    }

    private static RateLimit limit(String text) {
        String[] parts = text.split(SLASH, 2);
        return parts.length < 2
                ? RateLimit.of(Long.parseLong(parts[0]))
                : new RateLimit(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
