package io.jnet.netlink.link;

import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * What went through a link since it was made, as seen by its host: of a bridge, what the host itself received from its ports and sent to
 * them. {@code struct rtnl_link_stats64 { __u64 rx_packets; tx_packets; rx_bytes; tx_bytes; ... }} (include/uapi/linux/if_link.h).
 *
 * @param receivedPackets packets that came in
 * @param sentPackets packets that went out
 * @param receivedBytes their bytes, with Ethernet headers
 * @param sentBytes likewise
 */
public record LinkStatistics(long receivedPackets, long sentPackets, long receivedBytes, long sentBytes) {

    static LinkStatistics read(NetlinkReader reader) {
        return new LinkStatistics(reader.u64(), reader.u64(), reader.u64(), reader.u64());
    }

    void write(NetlinkWriter writer) {
        writer.u64(receivedPackets).u64(sentPackets).u64(receivedBytes).u64(sentBytes);
    }
}
