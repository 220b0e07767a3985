package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.engine.link.InterfaceTuning;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.Vlans;
import io.jnet.netlink.link.InterfaceName;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One plugin's configuration, with what the runtime has added to it.
 *
 * @param version of the spec that it is written in, and the result is wanted in
 * @param name the network's
 * @param bridge the bridge; absent: named after the network
 * @param gateway whether the bridge has the gateway's address
 * @param defaultGateway whether containers send to what is elsewhere by it
 * @param masquerade whether packets leave the host with its address
 * @param mtu of bridge and interfaces
 * @param interContainer whether containers of the network reach each other
 * @param duplicateDetection whether IPv6 addresses are asked about first ({@code enabledad})
 * @param ingress who reaches containers at their own addresses
 * @param publish who outside of the host is let in, as far as the network says
 * @param bandwidth what the container's traffic is shaped to
 * @param reservePorts whether jnet keeps published ports from other processes by binding them; absent: unless the runtime does
 * @param ipam where containers get addresses from
 * @param dns what resolvers to use; said by nobody: empty
 * @param resolution what the network itself says of names; absent: as the network does that is there, or by default
 * @param flags what else the network does
 * @param vlans the VLANs that containers are in on the bridge; absent: it does not look at VLANs
 * @param tuning what else the interface has
 * @param runtime what is asked for one container
 * @param previousNode the result of an earlier plugin, or of the ADD, as it came
 */
public record NetworkConfiguration(
        SpecVersion version,
        String name,
        Optional<InterfaceName> bridge,
        boolean gateway,
        boolean defaultGateway,
        boolean masquerade,
        OptionalInt mtu,
        boolean interContainer,
        boolean duplicateDetection,
        IngressPolicy ingress,
        PublishPolicy publish,
        BandwidthConfiguration bandwidth,
        Optional<Boolean> reservePorts,
        IpamConfiguration ipam,
        DnsConfiguration dns,
        Optional<Resolution> resolution,
        Set<NetworkFlag> flags,
        Optional<Vlans> vlans,
        InterfaceTuning tuning,
        RuntimeConfiguration runtime,
        Optional<JsonNode> previousNode) {
    private static final String PREVIOUS = "prevResult";

    /**
     * One interface of one container.
     *
     * @param containerId the container
     * @param interfaceName the interface
     */
    public record AttachmentName(String containerId, String interfaceName) {}

    /** The result that the runtime says an ADD had. */
    public ReceivedResult requiredPrevious() {
        return ReceivedResult.of(PREVIOUS, requiredPreviousNode());
    }

    /** Of the result of an earlier plugin what the one after it has to know: interfaces and their addresses. */
    public ReceivedResult previousLinks() {
        return ReceivedResult.linksOf(PREVIOUS, requiredPreviousNode());
    }

    /** The file that says what resolvers to use, where nobody else does. */
    public Optional<String> resolverFile() {
        return ipam.resolverFile().filter(file -> dns.isEmpty());
    }

    private JsonNode requiredPreviousNode() {
        return previousNode.orElseThrow(() -> CniException.configuration("missing " + PREVIOUS));
    }
}
