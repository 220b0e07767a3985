package io.jnet.daemon.socket;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param address an address of the host; {@code 0.0.0.0} and {@code ::} for all of their family
 * @param port 1 to 65535
 */
public record ListenAddress(IpAddress address, int port) {
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern FORM = Pattern.compile("(?:(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):)?([0-9]{1,5})");
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

    /**
     * Reads {@code 127.0.0.1:9478}, {@code [::1]:9478}, or {@code 9478} for the loopback address.
     *
     * @throws IllegalArgumentException that says what is wrong with any other text
     */
    public static ListenAddress parse(String text) {
        Matcher form = FORM.matcher(text);
        int port = form.matches() ? Integer.parseInt(form.group(3)) : 0;
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("want ADDRESS:PORT, such as 127.0.0.1:9478 or [::1]:9478");
        }
        String address = form.group(1) == null ? form.group(2) : form.group(1);
        return new ListenAddress(address == null ? LOOPBACK : IpAddress.parse(address), port);
    }

    /** As it is read. */
    @Override
    public String toString() {
        return (address.family() == AddressFamily.INET6 ? "[" + address + "]" : address.toString()) + ":" + port;
    }
}
