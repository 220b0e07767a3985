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
                "`ip link set BRIDGE up`; for one that is gone: start the daemon, which makes it again, or where jnet did not make it, who did");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.networks().stream()
                .filter(network -> !network.link().map(Link::isUp).orElse(false))
                .map(this::found)
                .toList();
    }

    private Finding found(NetworkSeen network) {
        if (network.link().isPresent()) {
            return finding("the bridge of " + network.title() + " is down", "ip link set " + network.bridge() + " up");
        }
        return network.adopted()
                ? finding(
                        "the bridge of " + network.title() + " is gone, and jnet did not make it",
                        "make it again as it was made: jnet uses it at once")
                : finding(
                        "the bridge of " + network.title() + " is gone",
                        "systemctl restart jnet, or where it is no service: jnet daemon");
    }
}
