package io.jnet.driver;

import io.jnet.driver.endpoint.EndpointMapping;
import io.jnet.driver.endpoint.PortMapping;
import io.jnet.driver.endpoint.SharedPorts;
import io.jnet.driver.network.NetworkMapping;
import io.jnet.driver.protocol.AllocateNetworkRequest;
import io.jnet.driver.protocol.Answers;
import io.jnet.driver.protocol.CreateEndpointRequest;
import io.jnet.driver.protocol.CreateNetworkRequest;
import io.jnet.driver.protocol.EndpointRequest;
import io.jnet.driver.protocol.GatewayCheckRequest;
import io.jnet.driver.protocol.JoinRequest;
import io.jnet.driver.protocol.NetworkRequest;
import io.jnet.driver.protocol.ProgramRequest;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.plugin.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The methods of the protocol, and the one table that binds them to their paths. The engine logs what changes; here the calls are logged, for
 * debugging, and what was ignored.
 */
final class NetworkDriverMethods {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkDriver.class);
    private static final Answers.Empty EMPTY = new Answers.Empty();

    private final Engine engine;
    private final Predicate<Endpoint> others;
    private final SharedPorts ports;

    NetworkDriverMethods(Engine engine, Predicate<Endpoint> others) {
        this.engine = engine;
        this.others = others;
        this.ports = new SharedPorts(engine);
    }

    List<Route> routes() {
        return List.of(
                Route.constant("/NetworkDriver.GetCapabilities", new Answers.Capabilities("local", "local", true)),
                Route.of("/NetworkDriver.GwAllocCheck", GatewayCheckRequest.class, this::checkGateway),
                Route.of("/NetworkDriver.CreateNetwork", CreateNetworkRequest.class, this::createNetwork),
                Route.of("/NetworkDriver.DeleteNetwork", NetworkRequest.class, this::deleteNetwork),
                Route.of("/NetworkDriver.CreateEndpoint", CreateEndpointRequest.class, this::createEndpoint),
                Route.of("/NetworkDriver.DeleteEndpoint", EndpointRequest.class, this::deleteEndpoint),
                Route.of("/NetworkDriver.EndpointOperInfo", EndpointRequest.class, this::operationalInfo),
                Route.of("/NetworkDriver.Join", JoinRequest.class, this::join),
                Route.of("/NetworkDriver.Leave", EndpointRequest.class, this::leave),
                Route.of("/NetworkDriver.ProgramExternalConnectivity", ProgramRequest.class, this::publish),
                Route.of("/NetworkDriver.RevokeExternalConnectivity", EndpointRequest.class, this::unpublish),
                // A driver of local scope owns nothing that a swarm manager could allocate: options pass unchanged.
                Route.of("/NetworkDriver.AllocateNetwork", AllocateNetworkRequest.class, this::allocate),
                Route.of("/NetworkDriver.FreeNetwork", NetworkRequest.class, request -> EMPTY),
                // News of other swarm nodes, which local connectivity has no use for.
                Route.constant("/NetworkDriver.DiscoverNew", EMPTY),
                Route.constant("/NetworkDriver.DiscoverDelete", EMPTY));
    }

    private Object checkGateway(GatewayCheckRequest request) {
        return NetworkMapping.gatewayNeeds(request.options());
    }

    private Object createNetwork(CreateNetworkRequest request) {
        List<String> ignored = new ArrayList<>();
        NetworkSpec spec = NetworkMapping.toSpec(request, ignored::add);
        if (!ignored.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("network", spec.id())
                    .addKeyValue("options", ignored)
                    .log("unknown options ignored");
        }
        engine.createNetwork(spec);
        return EMPTY;
    }

    /** dockerd logs a refusal and forgets the network all the same; its containers were removed before. */
    private Object deleteNetwork(NetworkRequest request) {
        NetworkId id = new NetworkId(request.networkId());
        long staying = engine.endpoints().stream()
                .filter(endpoint -> endpoint.spec().network().equals(id) && endpoint.state() == EndpointState.JOINED)
                .filter(others)
                .count();
        if (staying > 0) {
            String name = engine.network(id.value()).displayName();
            throw EngineException.conflict("network " + name + " stays as long as " + staying
                    + (staying == 1 ? " container" : " containers")
                    + " of CNI, or attached by hand, use it; then: jnet network rm --forgotten " + name);
        }
        engine.deleteNetwork(id);
        return EMPTY;
    }

    private Object allocate(AllocateNetworkRequest request) {
        return new Answers.Allocation(request.options());
    }

    private Object createEndpoint(CreateEndpointRequest request) {
        EndpointSpec spec = EndpointMapping.toSpec(request);
        List<String> ignored = EndpointMapping.ignoredOptions(request);
        if (!ignored.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("network", spec.network())
                    .addKeyValue("endpoint", spec.id())
                    .addKeyValue("options", ignored)
                    .log("unknown options ignored");
        }
        return EndpointMapping.toAnswer(request, created(spec));
    }

    /** dockerd keeps networks that jnet has lost with its state, and passes on what is wrong with them here only. */
    private Endpoint created(EndpointSpec spec) {
        try {
            return engine.createEndpoint(spec);
        } catch (EngineException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new EngineException(
                    ErrorCode.NOT_FOUND,
                    e.getMessage() + " in the state of jnet: start it with the state that has it,"
                            + " or remove the network with docker network rm and create it again",
                    e);
        }
    }

    private Object deleteEndpoint(EndpointRequest request) {
        engine.deleteEndpoint(network(request), endpoint(request));
        return EMPTY;
    }

    private Object join(JoinRequest request) {
        if (request.sandboxKey().isEmpty()) {
            throw EngineException.invalid("missing sandbox key");
        }
        NetworkId network = new NetworkId(request.networkId());
        EndpointId endpoint = new EndpointId(request.endpointId());
        Attachment attachment = engine.join(network, endpoint, request.sandboxKey());
        return EndpointMapping.toAnswer(attachment);
    }

    /** Leaving withdraws the ports too: Docker 29 does not always send Revoke first. */
    private Object leave(EndpointRequest request) {
        engine.leave(network(request), endpoint(request));
        return EMPTY;
    }

    private Object publish(ProgramRequest request) {
        NetworkId network = new NetworkId(request.networkId());
        EndpointId endpoint = new EndpointId(request.endpointId());
        ports.publish(
                network,
                endpoint,
                PortMapping.toRequests(request.options().portMap()),
                request.options().noProxy6To4());
        return EMPTY;
    }

    private Object unpublish(EndpointRequest request) {
        engine.unpublish(network(request), endpoint(request));
        return EMPTY;
    }

    /** Always answered: dockerd asks for every endpoint of a container before it adds one, and at its start. */
    private Object operationalInfo(EndpointRequest request) {
        try {
            return new Answers.OperationalInfo(engine.findEndpoint(endpoint(request))
                    .map(PortMapping::toInfo)
                    .orElse(Map.of()));
        } catch (EngineException noId) {
            LOG.atDebug().log(noId.getMessage());
            return new Answers.OperationalInfo(Map.of());
        }
    }

    private static NetworkId network(EndpointRequest request) {
        return new NetworkId(request.networkId());
    }

    private static EndpointId endpoint(EndpointRequest request) {
        return new EndpointId(request.endpointId());
    }
}
