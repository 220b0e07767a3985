package io.jnet.daemon.doctor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** br_netfilter hands frames between the ports of a bridge to the rules for IP. */
final class BridgeNetfilter extends Check {
    BridgeNetfilter() {
        super(
                "bridge-netfilter",
                Severity.NOTE,
                "`bridge-nf-call-iptables` or `bridge-nf-call-ip6tables` is 1 (module br_netfilter)",
                "what containers of one network send each other passes the host's forward chains too. jnet's own rules allow for that, and a published port is reached by the container itself and its neighbours in both cases; a rule of yours that drops in FORWARD keeps containers of one network apart as well",
                "nothing has to be done; where neither Kubernetes nor `icc=false` of Docker's own bridges needs it: `sysctl -w net.bridge.bridge-nf-call-iptables=0`");
    }

    @Override
    List<Finding> look(HostView host) {
        if (host.networks().isEmpty()) {
            return List.of();
        }
        return Stream.of("bridge-nf-call-iptables", "bridge-nf-call-ip6tables")
                .filter(key -> host.setting("net/bridge/" + key).equals(Optional.of("1")))
                .map(key -> finding("net.bridge." + key + " is 1", "sysctl -w net.bridge." + key + "=0"))
                .toList();
    }
}
