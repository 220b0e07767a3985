package io.jnet.engine.link;

import io.jnet.netlink.sysctl.NetworkSetting;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a container's interface has beyond addresses and routes.
 *
 * @param up whether it is set up; without that it is the container's own business to do so
 * @param promiscuous whether it takes frames for every address
 * @param allMulticast whether it takes frames for every group
 * @param transmitQueue the length of its queue, in packets; absent: the kernel's default
 * @param settings values of settings of the container's network namespace, written last
 */
public record InterfaceTuning(
        boolean up,
        boolean promiscuous,
        boolean allMulticast,
        OptionalLong transmitQueue,
        Map<NetworkSetting, String> settings) {
    /** Set up, and nothing else. */
    public static final InterfaceTuning NONE = new InterfaceTuning(true, false, false, OptionalLong.empty(), Map.of());

    public InterfaceTuning {
        settings = Map.copyOf(settings);
    }
}
