package io.jnet.engine.network;

import io.jnet.engine.host.ChangedSetting;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network has changed on a bridge that was there before it, and takes back when it goes.
 *
 * @param index the bridge's index: another bridge of the same name is not the one that was changed; 0: there is none at present
 * @param mtu the bridge's MTU: without ports, or with others, the kernel may give it another one
 * @param addresses the addresses that the bridge did not have
 * @param settings the bridge's settings that were others
 * @param raised whether the bridge was down
 */
public record Adoption(int index, int mtu, List<IpPrefix> addresses, List<ChangedSetting> settings, boolean raised) {
    /** Of a bridge that was never seen. */
    public static final Adoption NONE = new Adoption(0, 0, List.of(), List.of(), false);

    public Adoption {
        addresses = List.copyOf(addresses);
        settings = List.copyOf(settings);
    }

    /** The same when the bridge has gone: there is nothing to take back, and another one of its name will be changed likewise. */
    public Adoption gone() {
        return new Adoption(NONE.index, mtu, addresses, List.of(), raised);
    }

    /**
     * What of {@code found} is the network's to change on the bridge that it comes back to. An address that its owner had given the bridge,
     * and whether it is up, stay the owner's: who makes a bridge makes the link first, and fails where jnet is then faster with the address.
     */
    public Adoption again(Adoption found) {
        if (equals(NONE)) {
            return found;
        }
        return new Adoption(
                found.index,
                found.mtu,
                found.addresses.stream().filter(addresses::contains).toList(),
                found.settings,
                found.raised && raised);
    }

    /**
     * Whether a bridge that has come back can be changed: one that its owner had up and that is still down is not finished, and would keep the
     * MAC address and MTU of that moment.
     */
    public boolean isReady(Adoption found) {
        return equals(NONE) || raised || !found.raised;
    }

    /** The same with the MTU that the bridge has meanwhile. */
    public Adoption withMtu(int newMtu) {
        return new Adoption(index, newMtu, addresses, settings, raised);
    }

    /** These changes and later ones of the same bridge; of another bridge only the later ones count. */
    public Adoption followedBy(Adoption later) {
        if (later.index != index) {
            return later;
        }
        List<IpPrefix> allAddresses = new ArrayList<>(addresses);
        later.addresses.stream().filter(one -> !addresses.contains(one)).forEach(allAddresses::add);
        List<ChangedSetting> allSettings = new ArrayList<>(settings);
        later.settings.stream()
                .filter(one -> settings.stream().noneMatch(known -> known.key().equals(one.key())))
                .forEach(allSettings::add);
        return new Adoption(index, mtu, allAddresses, allSettings, raised || later.raised);
    }
}
