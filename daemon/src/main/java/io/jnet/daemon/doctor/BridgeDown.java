package io.jnet.daemon.doctor;

import io.jnet.netlink.link.Link;
import java.util.List;

/** A network's bridge is gone or down. A daemon that runs puts it back, unless somebody insists. */
final class BridgeDown extends Check {
    BridgeDown() {
        super(
                "bridge-down",
                Severity.ERROR,
                "a network's bridge is gone or down",
                "the network's containers reach nothing, not even each other",
                "`ip link set BRIDGE up`; for one that is gone: start the daemon, which makes it again");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.networks().stream()
                .filter(network -> !network.link().map(Link::isUp).orElse(false))
                .map(network -> network.link().isPresent()
                        ? finding(
                                "the bridge of " + network.title() + " is down",
                                "ip link set " + network.bridge() + " up")
                        : finding(
                                "the bridge of " + network.title() + " is gone",
                                "systemctl restart jnet, or where it is no service: jnet daemon"))
                .toList();
    }
}
