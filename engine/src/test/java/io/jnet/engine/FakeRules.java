package io.jnet.engine;

import io.jnet.engine.firewall.BridgePortRules;
import io.jnet.engine.firewall.FakeFirewall;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.FirewallState;
import io.jnet.engine.firewall.InstalledRulesets;
import io.jnet.engine.firewall.MovedResolver;
import io.jnet.engine.firewall.NetworkRules;
import io.jnet.engine.firewall.PortRule;
import io.jnet.engine.firewall.RulesetContent;
import io.jnet.engine.firewall.Surroundings;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The rules of a {@link FakeHost}, and what the engine asks of them. */
final class FakeRules {
    final FakeFirewall firewall = new FakeFirewall();
    final Set<String> everKnownBridges = new TreeSet<>();
    private final Consumer<String> requests;

    /**
     * @param requests told of each request to the kernel, which it may refuse
     */
    FakeRules(Consumer<String> requests) {
        this.requests = requests;
    }

    private void request(String what) {
        requests.accept(what);
    }

    final class Rules implements Firewall {
        @Override
        public void install(FirewallState desired) {
            request("install ruleset");
            desired.networks()
                    .forEach(network -> everKnownBridges.add(network.bridge().value()));
            firewall.install(desired);
        }

        @Override
        public void uninstall() {
            request("uninstall ruleset");
            firewall.uninstall();
        }

        @Override
        public boolean isInstalled() {
            return firewall.isInstalled();
        }

        @Override
        public void setSurroundings(Surroundings surroundings) {
            request("set surroundings " + surroundings);
            firewall.setSurroundings(surroundings);
        }

        @Override
        public void setMovedResolvers(List<MovedResolver> resolvers) {
            request("set moved resolvers " + resolvers);
            firewall.setMovedResolvers(resolvers);
        }

        @Override
        public void addNetwork(NetworkRules network) {
            request("add network " + network.bridge());
            everKnownBridges.add(network.bridge().value());
            firewall.addNetwork(network);
        }

        @Override
        public void removeNetwork(NetworkRules network, List<NetworkRules> successors) {
            request("remove network " + network.bridge());
            firewall.removeNetwork(network, successors);
        }

        @Override
        public void publish(List<? extends PortRule> publications) {
            request("publish " + publications.size());
            firewall.publish(publications);
        }

        @Override
        public void unpublish(List<? extends PortRule> publications) {
            request("unpublish " + publications.size());
            firewall.unpublish(publications);
        }

        @Override
        public void addBridgePort(BridgePortRules port) {
            request("add bridge port " + port.link());
            firewall.addBridgePort(port);
        }

        @Override
        public void removeBridgePort(BridgePortRules port) {
            request("remove bridge port " + port.link());
            firewall.removeBridgePort(port);
        }
    }

    final class Rulesets implements InstalledRulesets {
        @Override
        public Map<String, String> owners() {
            request("look at tables");
            return firewall.owner()
                    .map(owner -> Map.of("table inet jnet", owner))
                    .orElse(Map.of());
        }

        @Override
        public Set<InterfaceName> opened(AddressFamily family) {
            String line = family == AddressFamily.INET ? "opened4 { \"" : "opened6 { \"";
            return firewall.dump()
                    .lines()
                    .filter(element -> element.startsWith(line))
                    .map(element -> new InterfaceName(element.substring(line.length(), element.indexOf("\" }"))))
                    .collect(Collectors.toSet());
        }

        @Override
        public RulesetContent content(String owner) {
            return firewall.content();
        }

        @Override
        public List<String> surplus(FirewallState desired) {
            return firewall.surplus(desired);
        }

        @Override
        public void remove(String owner) {
            request("remove tables of " + owner);
            if (firewall.owner().equals(Optional.of(owner))) {
                firewall.uninstall();
            }
        }
    }
}
