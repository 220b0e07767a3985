package io.jnet.testbed.machine;

import java.util.List;

/**
 * A network cable between two machines: a veth pair, addressed on both sides. It is plugged in again when one of them reboots.
 *
 * @param near one end
 * @param far the other end
 */
public record Cable(End near, End far) {
    /**
     * One end of a cable.
     *
     * @param machine where it is plugged in
     * @param link the name of the interface there
     * @param mtu in bytes
     * @param addresses in CIDR notation, IPv4 and IPv6
     * @param routes what {@code ip route add} takes, set when the cable is plugged in
     */
    public record End(Machine machine, String link, int mtu, List<String> addresses, List<String> routes) {
        public End {
            addresses = List.copyOf(addresses);
            routes = List.copyOf(routes);
        }

        private void configure() {
            machine.run("ip", "link", "set", link, "mtu", Integer.toString(mtu), "up")
                    .orThrow();
            for (String address : addresses) {
                // An address that is still being checked for duplicates cannot be used (RFC 4862 section 5.4).
                String kind = address.contains(":") ? "nodad" : "broadcast +";
                machine.shell("ip address add %s dev %s %s".formatted(address, link, kind));
            }
        }

        private void route() {
            for (String route : routes) {
                machine.shell("ip %s route add %s".formatted(route.contains(":") ? "-6" : "-4", route));
            }
        }
    }

    /** Connects two machines. */
    public static Cable connect(End near, End far) {
        Cable cable = new Cable(near, far);
        near.machine().attach(cable);
        far.machine().attach(cable);
        cable.plug();
        return cable;
    }

    void plug() {
        String farHolder = Long.toString(far.machine().holder());
        near.machine()
                .runWithNetworkOnly(List.of(
                        "ip",
                        "link",
                        "add",
                        near.link(),
                        "type",
                        "veth",
                        "peer",
                        "name",
                        far.link(),
                        "netns",
                        farHolder))
                .orThrow();
        near.configure();
        far.configure();
        near.route();
        far.route();
    }

    /** Both ends vanish. A namespace that ends takes its links along only later, on the kernel's own time. */
    void unplug() {
        near.machine().run("ip", "link", "delete", near.link()).orThrow();
    }
}
