package io.jnet.netlink.sysctl;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Any setting under {@code net}: {@code net/ipv4/conf/eth0/log_martians}. That of the network namespace of the calling thread, as with
 * {@link InterfaceSysctl}.
 *
 * @param path its place under /proc/sys, with slashes
 */
public record NetworkSetting(String path) {
    private static final Pattern PATH = Pattern.compile("net(/[A-Za-z0-9_.-]{1,64}){1,6}");

    /**
     * @throws IllegalArgumentException when it is not under {@code net}, or could leave it
     */
    public NetworkSetting {
        if (!PATH.matcher(path).matches() || path.contains("/.")) {
            throw new IllegalArgumentException("want a setting under net, like net.ipv4.conf.IFNAME.log_martians");
        }
    }

    /** Whether it is about IPv6. */
    public boolean isOfIpv6() {
        return path.startsWith("net/ipv6/");
    }

    /** Reads the value, without the line's end; empty when there is no such setting. */
    public Optional<String> read() {
        return SettingFile.read(file(), toString());
    }

    /**
     * Writes the value.
     *
     * @throws SysctlException when there is no such setting, or the kernel refuses the value
     */
    public void write(String value) {
        SettingFile.write(file(), toString(), value);
    }

    @Override
    public String toString() {
        return path;
    }

    private Path file() {
        return Path.of("/proc/sys", path);
    }
}
