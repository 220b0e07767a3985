package io.jnet.netlink.qdisc;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;
import java.util.Optional;

/** The options of a token bucket filter (include/uapi/linux/pkt_sched.h, net/sched/sch_tbf.c). */
final class TokenBucketAttribute {
    static final String KIND = "tbf";

    /** The rate where it does not fit into the struct, in bytes per second. */
    private static final Attribute<Long> TCA_TBF_RATE64 = Attribute.of(4, "TCA_TBF_RATE64", AttributeCodec.U64);

    /** The burst in bytes: exact, where the struct's ticks are not. Linux 3.14; kernels before ignore it. */
    private static final Attribute<Long> TCA_TBF_BURST = Attribute.of(6, "TCA_TBF_BURST", AttributeCodec.U32);

    private static final Attribute<Parameters> TCA_TBF_PARMS =
            Attribute.of(1, "TCA_TBF_PARMS", AttributeCodec.of(Parameters::read, Parameters::write));

    private static final long MAX_U32 = 0xffff_ffffL;

    private TokenBucketAttribute() {}

    static Attributes encode(TokenBucket bucket, SchedulerClock clock) {
        boolean wide = bucket.rate() > MAX_U32;
        Parameters parameters = new Parameters(
                Math.min(bucket.rate(), MAX_U32), bucket.limit(), clock.ticks(bucket.burst(), bucket.rate()));
        return Attributes.of(TCA_TBF_PARMS, parameters)
                .with(TCA_TBF_RATE64, wide ? Optional.of(bucket.rate()) : Optional.empty())
                .with(TCA_TBF_BURST, bucket.burst());
    }

    /** Empty for what is no bucket: a rate or burst of nothing. */
    static Optional<TokenBucket> decode(Attributes options) {
        return options.get(TCA_TBF_PARMS).flatMap(parameters -> {
            long rate = options.get(TCA_TBF_RATE64).orElse(parameters.rate());
            long burst = SchedulerClock.KERNEL.bytes(parameters.buffer(), rate);
            return rate < 1
                    ? Optional.empty()
                    : Optional.of(new TokenBucket(
                            rate, Math.max(1, Math.min(burst, TokenBucket.MAX_BYTES)), parameters.limit()));
        });
    }

    /**
     * <pre>
     * struct tc_tbf_qopt { struct tc_ratespec rate; struct tc_ratespec peakrate; __u32 limit; __u32 buffer; __u32 mtu; };
     * struct tc_ratespec { unsigned char cell_log; __u8 linklayer; unsigned short overhead; short cell_align; unsigned short mpu;
     *                      __u32 rate; };
     * </pre>
     *
     * <p>With the link layer named the kernel wants no table of the times that packets take (net/sched/sch_api.c, qdisc_get_rtab), which
     * takes a kilobyte.
     *
     * @param rate in bytes per second; all ones where it does not fit
     * @param limit in bytes
     * @param buffer the burst, in ticks
     */
    private record Parameters(long rate, long limit, long buffer) {
        private static final int TC_LINKLAYER_ETHERNET = 1;
        private static final int RATESPEC_LENGTH = 12;
        private static final int RATE_OFFSET = 8;

        static Parameters read(NetlinkReader reader) {
            NetlinkReader spec = reader.part(RATESPEC_LENGTH);
            spec.part(RATE_OFFSET);
            reader.part(RATESPEC_LENGTH);
            long limit = reader.u32();
            long buffer = reader.u32();
            reader.u32();
            return new Parameters(spec.u32(), limit, buffer);
        }

        static void write(NetlinkWriter writer, Parameters parameters) {
            writer.u8(0).u8(TC_LINKLAYER_ETHERNET).u16(0).u16(0).u16(0).u32(parameters.rate);
            writer.bytes(new byte[RATESPEC_LENGTH]);
            writer.u32(parameters.limit).u32(parameters.buffer).u32(0);
        }
    }
}
