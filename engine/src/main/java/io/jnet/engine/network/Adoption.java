package io.jnet.engine.network;

import io.jnet.engine.host.ChangedSetting;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network has changed on a bridge that was there before it, and takes back when it goes.
 *
 * @param index the bridge's index: another bridge of the same name is not the one that was changed; 0: none was found yet
 * @param mtu the bridge's MTU: without ports, or with others, the kernel may give it another one
 * @param addresses the addresses that the bridge did not have
 * @param settings the bridge's settings that were others
 * @param raised whether the bridge was down
 */
public record Adoption(int index, int mtu, List<IpPrefix> addresses, List<ChangedSetting> settings, boolean raised) {
    /** Of a bridge that is not there at present. */
    public static final Adoption NONE = new Adoption(0, 0, List.of(), List.of(), false);

    public Adoption {
        addresses = List.copyOf(addresses);
        settings = List.copyOf(settings);
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
