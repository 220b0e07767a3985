package io.jnet.driver.network;

import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What the {@code -o} options of a network say; filled by {@link NetworkOption}, option by option. */
final class NetworkOptions {
    private Optional<String> name = Optional.empty();
    private Optional<InterfaceName> bridge = Optional.empty();
    private OptionalInt mtu = OptionalInt.empty();
    private String interfacePrefix = "eth";
    private Optional<IpAddress> hostBinding = Optional.empty();
    private final EnumSet<NetworkFlag> flags = EnumSet.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER);

    void setName(String value) {
        name = Optional.of(value);
    }

    void setBridge(InterfaceName value) {
        bridge = Optional.of(value);
    }

    void setMtu(int value) {
        mtu = OptionalInt.of(value);
    }

    void setInterfacePrefix(String value) {
        interfacePrefix = value;
    }

    void setHostBinding(Optional<IpAddress> value) {
        hostBinding = value;
    }

    void set(NetworkFlag flag, boolean on) {
        if (on) {
            flags.add(flag);
        } else {
            flags.remove(flag);
        }
    }

    Optional<String> name() {
        return name;
    }

    Optional<InterfaceName> bridge() {
        return bridge;
    }

    OptionalInt mtu() {
        return mtu;
    }

    String interfacePrefix() {
        return interfacePrefix;
    }

    Optional<IpAddress> hostBinding() {
        return hostBinding;
    }

    Set<NetworkFlag> flags() {
        return Set.copyOf(flags);
    }
}
