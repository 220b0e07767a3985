package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.link.BridgeVlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The VLANs that a network's containers are in on its bridge.
 *
 * @param untagged that of frames without a tag; empty: the first one, which a bridge has for them
 * @param tagged those of frames with their tag, in order and merged. The one of frames without a tag may be among them: it stays that
 * @param keepsDefault whether containers stay in the VLAN that the bridge has for new ports as well, and hear what is sent there
 */
public record Vlans(OptionalInt untagged, List<VlanRange> tagged, boolean keepsDefault) {
    private static final int DEFAULT = 1;

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when an id is out of range, or no VLAN is given
     */
    public Vlans {
        untagged.ifPresent(Vlans::checkId);
        tagged = merged(tagged);
        if (untagged.isEmpty() && tagged.isEmpty()) {
            throw EngineException.invalid("no VLAN");
        }
    }

    /** The VLAN of frames without a tag. */
    public BridgeVlan ofUntaggedFrames() {
        return BridgeVlan.untagged(untagged.orElse(DEFAULT));
    }

    /** What a container's port is in: of a VLAN that comes twice the last word counts. */
    public List<BridgeVlan> ofPort() {
        return Stream.concat(tagged.stream().map(VlanRange::tagged), Stream.of(ofUntaggedFrames()))
                .toList();
    }

    /** {@code vlan 5, vlanTrunk 7,10-20}: as CNI has the keys. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        untagged.ifPresent(id -> parts.add("vlan " + id));
        if (!tagged.isEmpty()) {
            parts.add("vlanTrunk " + tagged.stream().map(VlanRange::toString).collect(Collectors.joining(",")));
        }
        if (keepsDefault) {
            parts.add("preserveDefaultVlan true");
        }
        return String.join(", ", parts);
    }

    static void checkId(int id) {
        if (id < BridgeVlan.MIN_ID || id > BridgeVlan.MAX_ID) {
            throw EngineException.invalid(
                    "invalid VLAN " + id + ": want " + BridgeVlan.MIN_ID + " to " + BridgeVlan.MAX_ID);
        }
    }

    private static List<VlanRange> merged(List<VlanRange> ranges) {
        List<VlanRange> merged = new ArrayList<>();
        for (VlanRange range :
                ranges.stream().sorted(Comparator.comparing(VlanRange::first)).toList()) {
            int before = merged.size() - 1;
            if (before >= 0 && merged.get(before).adjoins(range)) {
                VlanRange last = merged.get(before);
                merged.set(before, new VlanRange(last.first(), Math.max(last.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return List.copyOf(merged);
    }
}
