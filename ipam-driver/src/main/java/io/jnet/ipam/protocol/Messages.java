package io.jnet.ipam.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;
import java.util.Map;

/** The messages of the protocol. */
public final class Messages {
    private Messages() {}

    /**
     * The answer to {@code GetCapabilities}.
     *
     * @param requiresMacAddress whether dockerd is to draw a MAC address first; it would draw another one at each start
     * @param requiresRequestReplay whether dockerd is to repeat all requests when it starts
     */
    public record Capabilities(
            @JsonProperty("RequiresMACAddress") boolean requiresMacAddress,
            @JsonProperty("RequiresRequestReplay") boolean requiresRequestReplay) {}

    /**
     * The answer to {@code GetDefaultAddressSpaces}.
     *
     * @param local the space of networks of this host
     * @param global the space of networks of a swarm
     */
    public record AddressSpaces(
            @JsonProperty("LocalDefaultAddressSpace") String local,
            @JsonProperty("GlobalDefaultAddressSpace") String global) {}

    /**
     * The body of {@code RequestPool}.
     *
     * @param addressSpace one of the spaces
     * @param pool the range; empty: chosen
     * @param subPool the part that addresses are chosen from; empty: all of it
     * @param options what {@code --ipam-opt} said
     * @param v6 whether the pool is one of IPv6
     */
    public record RequestPool(
            @JsonProperty("AddressSpace") String addressSpace,
            @JsonProperty("Pool") String pool,
            @JsonProperty("SubPool") String subPool,
            @JsonProperty("Options") Map<String, String> options,
            @JsonProperty("V6") boolean v6) {
        public RequestPool {
            addressSpace = Absent.toEmpty(addressSpace);
            pool = Absent.toEmpty(pool);
            subPool = Absent.toEmpty(subPool);
            options = Absent.toEmpty(options);
        }
    }

    /**
     * The answer to {@code RequestPool}.
     *
     * @param poolId what later requests name
     * @param pool the range
     * @param data nothing: the gateway is asked for like any address
     */
    public record PoolAnswer(
            @JsonProperty("PoolID") String poolId,
            @JsonProperty("Pool") String pool,
            @JsonProperty("Data") Map<String, String> data) {}

    /**
     * The body of {@code ReleasePool}.
     *
     * @param poolId the pool
     */
    public record ReleasePool(@JsonProperty("PoolID") String poolId) {
        public ReleasePool {
            poolId = Absent.toEmpty(poolId);
        }
    }

    /**
     * The body of {@code RequestAddress}.
     *
     * @param poolId the pool
     * @param address the address; empty: chosen
     * @param options what for and for whom
     */
    public record RequestAddress(
            @JsonProperty("PoolID") String poolId,
            @JsonProperty("Address") String address,
            @JsonProperty("Options") Map<String, String> options) {
        public RequestAddress {
            poolId = Absent.toEmpty(poolId);
            address = Absent.toEmpty(address);
            options = Absent.toEmpty(options);
        }
    }

    /**
     * The answer to {@code RequestAddress}.
     *
     * @param address with the pool's prefix length
     * @param data nothing: dockerd does not look at it
     */
    public record AddressAnswer(
            @JsonProperty("Address") String address, @JsonProperty("Data") Map<String, String> data) {}

    /**
     * The body of {@code ReleaseAddress}.
     *
     * @param poolId the pool
     * @param address without a prefix length
     */
    public record ReleaseAddress(@JsonProperty("PoolID") String poolId, @JsonProperty("Address") String address) {
        public ReleaseAddress {
            poolId = Absent.toEmpty(poolId);
            address = Absent.toEmpty(address);
        }
    }

    /** The answer of what has nothing to say. */
    public record Empty() {}
}
