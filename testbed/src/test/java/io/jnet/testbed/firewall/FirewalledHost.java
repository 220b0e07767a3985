package io.jnet.testbed.firewall;

import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A firewall that a host's owner may have: how it starts, how it is loaded again, and how its owner lets somebody in. */
public abstract class FirewalledHost {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The kinds of hosts, in the order of the documentation. */
    public enum Kind {
        DOCKER("no firewall; Docker's `FORWARD` `DROP`"),
        UFW("ufw, defaults"),
        FIREWALLD("firewalld, default zone"),
        NFTABLES("nftables, forward policy drop");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** What the documentation calls it. */
        public String title() {
            return title;
        }

        /** The firewall of a machine, not started yet. */
        public FirewalledHost on(Machine machine) {
            return switch (this) {
                case DOCKER -> new Docker(machine);
                case UFW -> new Ufw(machine);
                case FIREWALLD -> new Firewalld(machine);
                case NFTABLES -> new OwnTable(machine);
            };
        }
    }

    final Machine machine;

    FirewalledHost(Machine machine) {
        this.machine = machine;
    }

    /** Starts it. */
    public abstract void start();

    /** Ends it, with its rules. */
    public void stop() {
        throw new UnsupportedOperationException("no test ends this one");
    }

    /** Loads it again, as its owner would after a change. */
    public abstract void reload();

    /** Has its forward rules let TCP in to a container's port; what its owner calls that, or nothing where there is no such way. */
    public abstract Optional<String> letIn(String address, String bridge, int port);

    /** Whether, and by what, its owner has a say in what containers reach on the host, given what is seen without one. */
    public abstract String saysOfTheHost(String bridge, Trial reachesHost);

    /** Whether something is reached. */
    @FunctionalInterface
    public interface Trial {
        boolean succeeds();
    }

    private static final class Docker extends FirewalledHost {
        private DockerEngine engine;

        Docker(Machine machine) {
            super(machine);
        }

        @Override
        public void start() {
            engine = DockerEngine.start(machine, List.of());
        }

        @Override
        public void reload() {
            engine.stop();
            engine.startAgain();
        }

        @Override
        public Optional<String> letIn(String address, String bridge, int port) {
            return Optional.empty();
        }

        @Override
        public String saysOfTheHost(String bridge, Trial reachesHost) {
            return reachesHost.succeeds() ? "yes" : "no";
        }
    }

    private static final class Ufw extends FirewalledHost {
        Ufw(Machine machine) {
            super(machine);
        }

        @Override
        public void start() {
            machine.shell("ufw --force enable");
        }

        @Override
        public void reload() {
            machine.shell("ufw reload");
        }

        @Override
        public Optional<String> letIn(String address, String bridge, int port) {
            machine.shell("ufw route allow proto tcp from any to %s port %d".formatted(address, port));
            return Optional.of("only by `ufw route allow`");
        }

        @Override
        public String saysOfTheHost(String bridge, Trial reachesHost) {
            return reachesHost.succeeds() ? "yes" : "no (`INPUT`)";
        }
    }

    private static final class Firewalld extends FirewalledHost {
        private BackgroundProcess daemon;

        Firewalld(Machine machine) {
            super(machine);
        }

        @Override
        public void start() {
            if (daemon == null) {
                machine.shell("mkdir -p /run/dbus");
                machine.start("dbus-daemon", "--system", "--nofork", "--nopidfile");
                Eventually.holds("a bus", PATIENCE, () -> machine.run("test", "-S", "/run/dbus/system_bus_socket")
                        .succeeded());
            }
            daemon = machine.start("firewalld", "--nofork", "--nopid");
            Eventually.holds("firewalld runs", PATIENCE, () -> machine.run("firewall-cmd", "--state")
                    .succeeded());
        }

        @Override
        public void stop() {
            daemon.terminate();
            daemon.waitForEnd(PATIENCE);
        }

        @Override
        public void reload() {
            machine.shell("firewall-cmd --reload");
        }

        @Override
        public Optional<String> letIn(String address, String bridge, int port) {
            String zone = machine.shell("firewall-cmd --get-zone-of-interface=" + bridge)
                    .strip();
            machine.shell("firewall-cmd --permanent --new-policy=published"
                    + " && firewall-cmd --permanent --policy=published --add-ingress-zone=public"
                    + " && firewall-cmd --permanent --policy=published --add-egress-zone=" + zone
                    + " && firewall-cmd --permanent --policy=published --add-port=" + port + "/tcp"
                    + " && firewall-cmd --reload");
            return Optional.of("only by a policy");
        }

        /** Its owner moves the bridge to a zone that lets nothing in, and jnet leaves it there. */
        @Override
        public String saysOfTheHost(String bridge, Trial reachesHost) {
            boolean before = reachesHost.succeeds();
            String zone = machine.shell("firewall-cmd --get-zone-of-interface=" + bridge)
                    .strip();
            machine.shell("firewall-cmd --zone=drop --change-interface=" + bridge);
            boolean dropped = !reachesHost.succeeds();
            machine.shell("firewall-cmd --zone=%s --change-interface=%s".formatted(zone, bridge));
            return before && dropped ? "as the zone says" : before ? "yes" : "no";
        }
    }

    private static final class OwnTable extends FirewalledHost {
        private static final String RULES =
                """
                flush ruleset
                table inet filter {
                	chain input {
                		type filter hook input priority filter; policy drop;
                		ct state established,related accept
                		iif lo accept
                		meta l4proto { icmp, ipv6-icmp } accept
                		iifname "eth0" tcp dport 22 accept
                	}
                	chain forward {
                		type filter hook forward priority filter; policy drop;
                		ct state established,related accept
                	}
                }
                """;

        OwnTable(Machine machine) {
            super(machine);
        }

        @Override
        public void start() {
            load();
        }

        @Override
        public void reload() {
            load();
        }

        private void load() {
            machine.run(List.of("nft", "--file", "-"), RULES).orThrow();
        }

        @Override
        public Optional<String> letIn(String address, String bridge, int port) {
            return Optional.empty();
        }

        @Override
        public String saysOfTheHost(String bridge, Trial reachesHost) {
            boolean before = reachesHost.succeeds();
            String rule = "iifname \"%s\" tcp dport 22 accept".formatted(bridge);
            machine.shell("nft 'add rule inet filter input " + rule + "'");
            boolean after = reachesHost.succeeds();
            return !before && after ? "by its input chain" : before ? "yes" : "no";
        }
    }
}
