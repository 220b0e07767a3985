package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.RateLimit;
import java.util.Optional;
import java.util.Set;

/**
 * What a container's traffic is shaped to: {@code runtimeConfig.bandwidth} (CONVENTIONS.md), or the same keys in the configuration itself, as
 * the reference plugin {@code bandwidth} has them; rates in bits per second, bursts in bits. 0 means nothing.
 *
 * @param ingress how fast the container receives
 * @param egress how fast it sends
 */
public record BandwidthConfiguration(Optional<RateLimit> ingress, Optional<RateLimit> egress) {
    /**
     * What runtimes send as a burst that nobody has asked for, the most that some number or the reference plugin holds: cri-dockerd,
     * containerd, then CRI-O, of today and before. With 256 MiB and more a rate would be kept by nothing but the longest downloads.
     */
    private static final Set<Long> UNASKED_BURSTS =
            Set.of(0x7fff_ffffL, 0xffff_ffffL, 0xffff_ffffL * Byte.SIZE - 1, 0xffff_ffffL * Byte.SIZE);

    /**
     * What the runtime asks for, unless it asks for nothing, as runtimes do for containers without limits; then what the configuration says.
     */
    static BandwidthConfiguration of(Fields configuration, Optional<Fields> runtime) {
        BandwidthConfiguration own = of(configuration);
        return runtime.flatMap(fields -> fields.object("bandwidth"))
                .map(BandwidthConfiguration::of)
                .filter(asked -> asked.limits().hasLimit())
                .orElse(own);
    }

    /** The same as the engine has it. */
    public Bandwidth limits() {
        return new Bandwidth(ingress, egress);
    }

    private static BandwidthConfiguration of(Fields fields) {
        return new BandwidthConfiguration(
                limit(fields, "ingressRate", "ingressBurst"), limit(fields, "egressRate", "egressBurst"));
    }

    private static Optional<RateLimit> limit(Fields fields, String rateKey, String burstKey) {
        long rate = number(fields, rateKey, RateLimit.MIN_RATE, RateLimit.MAX_RATE, "bits per second");
        long burst = number(fields, burstKey, 1, RateLimit.MAX_BURST, "bits");
        if (rate == 0 && burst != 0) {
            throw CniException.configuration("invalid " + fields.name(burstKey) + " " + burst + ": a burst goes with "
                    + fields.name(rateKey) + ", which is missing");
        }
        if (rate == 0) {
            return Optional.empty();
        }
        boolean asked = burst != 0 && !UNASKED_BURSTS.contains(burst);
        return Optional.of(asked ? new RateLimit(rate, burst) : RateLimit.of(rate));
    }

    private static long number(Fields fields, String key, long smallest, long largest, String unit) {
        long number = fields.longNumber(key).orElse(0);
        if (number != 0 && (number < smallest || number > largest)) {
            throw CniException.configuration("invalid " + fields.name(key) + " " + number + ": want " + smallest
                    + " to " + largest + " " + unit + ", or 0");
        }
        return number;
    }
}
