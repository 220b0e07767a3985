package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.network.VlanRange;
import io.jnet.engine.network.Vlans;
import io.jnet.netlink.link.BridgeVlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code vlan}, {@code vlanTrunk} and {@code preserveDefaultVlan}, as the reference plugin {@code bridge} has them since 1.8.0. */
final class VlanConfiguration {
    private static final String ID = "id";
    private static final String FIRST = "minID";
    private static final String LAST = "maxID";

    private VlanConfiguration() {}

    /**
     * @return absent: the bridge does not look at VLANs
     * @throws CniException when an id is out of range, or an element of the trunk is neither a VLAN nor a range
     */
    static Optional<Vlans> of(Fields fields) {
        int vlan = fields.number("vlan").orElse(0);
        if (vlan != 0) {
            checked(fields, "vlan", 0);
        }
        List<VlanRange> trunk = new ArrayList<>();
        for (Fields element : fields.objects("vlanTrunk")) {
            trunk.addAll(ranges(element));
        }
        // Read in any case, so that what is no truth value is refused.
        boolean preserved = fields.flag("preserveDefaultVlan", false);
        return vlan == 0 && trunk.isEmpty()
                ? Optional.empty()
                : Optional.of(new Vlans(vlan == 0 ? OptionalInt.empty() : OptionalInt.of(vlan), trunk, preserved));
    }

    /** An element may be a VLAN and a range at once. */
    private static List<VlanRange> ranges(Fields element) {
        List<VlanRange> ranges = new ArrayList<>();
        if (element.has(ID)) {
            int id = checked(element, ID, BridgeVlan.MIN_ID);
            ranges.add(new VlanRange(id, id));
        }
        if (element.has(FIRST) && element.has(LAST)) {
            int first = checked(element, FIRST, BridgeVlan.MIN_ID);
            int last = checked(element, LAST, BridgeVlan.MIN_ID);
            if (last < first) {
                throw CniException.configuration("invalid " + element.name(LAST) + " " + last + ": want at least "
                        + element.name(FIRST) + ", which is " + first);
            }
            ranges.add(new VlanRange(first, last));
        }
        if (ranges.isEmpty() || element.has(FIRST) != element.has(LAST)) {
            throw Fields.invalid(element.path(), element.node(), "id, or both minID and maxID");
        }
        return ranges;
    }

    private static int checked(Fields fields, String key, int least) {
        int id = fields.number(key).orElse(0);
        if (id < least || id > BridgeVlan.MAX_ID) {
            throw CniException.configuration(
                    "invalid " + fields.name(key) + " " + id + ": want " + least + " to " + BridgeVlan.MAX_ID);
        }
        return id;
    }
}
