package io.jnet.netlink.sysctl;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One setting of one interface: {@code net.ipv4.conf.jbr-0123.route_localnet}.
 *
 * <p>/proc/sys/net shows the network namespace of the thread that opens a file in it (net/sysctl_net.c, net_ctl_header_lookup): call this
 * inside {@link io.jnet.netlink.namespace.NetworkNamespace#run} for another one.
 *
 * @param family IPv4's or IPv6's settings
 * @param link the interface; {@code all} and {@code default} are the namespace's own
 * @param key the setting
 */
public record InterfaceSysctl(AddressFamily family, InterfaceName link, String key) {
    private static final Pattern KEY = Pattern.compile("[a-z0-9_]{1,64}");

    /**
     * @throws IllegalArgumentException when the key holds anything but {@code [a-z0-9_]}
     */
    public InterfaceSysctl {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("invalid name of a setting: want 1 to 64 of a-z, 0-9 and \"_\"");
        }
    }

    /** A setting of IPv4. */
    public static InterfaceSysctl ipv4(InterfaceName link, String key) {
        return new InterfaceSysctl(AddressFamily.INET, link, key);
    }

    /** A setting of IPv6. */
    public static InterfaceSysctl ipv6(InterfaceName link, String key) {
        return new InterfaceSysctl(AddressFamily.INET6, link, key);
    }

    /**
     * Reads the value, without the line's end; empty when there is no such interface or setting (IPv6 may be off).
     *
     * @throws SysctlException for any other failure
     */
    public Optional<String> read() {
        return SettingFile.read(path(), toString());
    }

    /**
     * Writes the value.
     *
     * @throws SysctlException when there is no such interface or setting, or the kernel refuses the value
     */
    public void write(String value) {
        SettingFile.write(path(), toString(), value);
    }

    /** The dotted name; the interface's own dots are shown as slashes, as sysctl(8) has them. */
    @Override
    public String toString() {
        return "net." + folder() + ".conf." + link.value().replace('.', '/') + "." + key;
    }

    private Path path() {
        return Path.of("/proc/sys/net", folder(), "conf", link.value(), key);
    }

    private String folder() {
        return family == AddressFamily.INET ? "ipv4" : "ipv6";
    }
}
