package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.nftables.BaseChainReader;
import io.jnet.netlink.nftables.ChainReader;
import io.jnet.netlink.nftables.ChainReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * One of the chains of iptables that decide about what jnet has accepted: for each address family and hook one in nf_tables and one of the
 * legacy kind.
 */
interface IptablesChain {
    /** The kernel's table of iptables. */
    String TABLE = "filter";

    /** The chain in which ufw refuses what is forwarded, if it does. It stands before a last chain of ufw's. */
    private static String ufwRefusal(AddressFamily family) {
        return family == AddressFamily.INET ? "ufw-reject-forward" : "ufw6-reject-forward";
    }

    /** Where the chain is. */
    enum Hook {
        /**
         * Jumps to jnet's chain at its end: drops of Docker and of the user come first. What refuses everything at the end stands for a policy, and
         * comes after: a last rule without a condition, or ufw's chain for {@code default reject routed}.
         */
        FORWARD(OwnRules.FORWARD_CHAIN),
        /** At its beginning: ufw logs what nothing before its end accepts. */
        INPUT(OwnRules.INPUT_CHAIN);

        private final String own;

        Hook(String own) {
            this.own = own;
        }

        /** jnet's own chain in the same table. */
        String own() {
            return own;
        }

        /** Lines for iptables-restore: jnet's chain, with its one rule. */
        String ownChain() {
            return ":" + own + " - [0:0]\n-A " + own + " " + OwnRules.ACCEPTED_BY_IPTABLES + " -j ACCEPT\n";
        }

        /**
         * The line that jumps there.
         *
         * @param behind how many rules without the jump come before what refuses everything; empty: nothing does
         */
        String jump(OptionalInt behind) {
            String place = this == INPUT
                    ? "-I INPUT"
                    : behind.isPresent() ? "-I FORWARD " + (behind.getAsInt() + 1) : "-A FORWARD";
            return place + " -j " + own + "\n";
        }

        /** The line that takes one such jump away. */
        String noJump() {
            return "-D " + name() + " -j " + own + "\n";
        }

        /** The lines that remove jnet's chain. */
        String noOwnChain() {
            return "-F " + own + "\n-X " + own + "\n";
        }
    }

    Hook hook();

    /** Whether the host has it. Loads and changes nothing. */
    boolean isPresent();

    /** Where its rules lead to jnet's chain, and where they should. */
    JumpPlace place();

    /** Whether its rules lead to jnet's chain. */
    default boolean hasJump() {
        return place().jumps() > 0;
    }

    /** Whether they do so where they should. */
    default boolean jumpsInPlace() {
        return place().isRight(hook());
    }

    /** The lines for iptables-restore that have them lead there, and from where they should. */
    default String jump() {
        JumpPlace place = place();
        return hook().noJump().repeat(place.jumps()) + hook().jump(place.refusal());
    }

    /** Whether it may keep out what jnet has accepted: one without rules and with policy ACCEPT is left as it is. */
    boolean isWanted();

    /** Whether jnet's chain exists and holds its rule. */
    boolean hasOwnRule();

    /** Whether jnet's chain exists. */
    boolean hasOwnChain();

    /** The chain in nf_tables, looked at without a process. */
    record NfTables(AddressFamily family, Hook hook, ChainReader reader, BaseChainReader policies)
            implements IptablesChain {
        @Override
        public boolean isPresent() {
            return reader.exists(chain(hook.name()));
        }

        @Override
        public JumpPlace place() {
            return JumpPlace.of(
                    reader.rules(chain(hook.name())),
                    rule -> rule.target().equals(Optional.of(hook.own())),
                    rule -> rule.forAll() && rule.refuses(),
                    rule -> rule.forAll()
                            && rule.target().equals(Optional.of(ufwRefusal(family)))
                            && refusesAll(chain(ufwRefusal(family))));
        }

        private boolean refusesAll(ChainReference chain) {
            return reader.rules(chain).stream().anyMatch(rule -> rule.forAll() && rule.refuses());
        }

        @Override
        public boolean isWanted() {
            return hook == Hook.FORWARD
                    || reader.targets(chain(hook.name())).stream()
                            .anyMatch(target -> !target.equals(Optional.of(hook.own())))
                    || dropsByPolicy();
        }

        private boolean dropsByPolicy() {
            String name = family == AddressFamily.INET ? "ip" : "ip6";
            return policies.list().stream()
                    .filter(base -> base.family().equals(name) && base.table().equals(TABLE))
                    .anyMatch(base -> base.chain().equals(hook.name()) && base.dropsByPolicy());
        }

        @Override
        public boolean hasOwnRule() {
            return !reader.targets(chain(hook.own())).isEmpty();
        }

        @Override
        public boolean hasOwnChain() {
            return reader.exists(chain(hook.own()));
        }

        private ChainReference chain(String name) {
            return new ChainReference(family, TABLE, name);
        }
    }

    /** The chain of x_tables. Its rules are one blob in the layout of the running kernel, so the program is asked. */
    record Legacy(AddressFamily family, Hook hook, Iptables iptables) implements IptablesChain {
        /** A rule without a condition that refuses, as the program lists it: {@code -A FORWARD -j REJECT --reject-with icmp-port-unreachable}. */
        private static final Pattern REFUSAL = Pattern.compile(
                "-A \\S+ (?:-m comment --comment (?:\"[^\"]*\"|\\S+) )?-j (?:DROP|REJECT(?: --reject-with \\S+)?)");

        @Override
        public boolean isPresent() {
            String file = family == AddressFamily.INET ? "ip_tables_names" : "ip6_tables_names";
            try {
                // Of the calling thread's namespace; /proc/net is that of the process's first thread. No such file: no
                // such kernel module.
                return Files.readAllLines(Path.of("/proc/thread-self/net", file))
                        .contains(TABLE);
            } catch (NoSuchFileException none) {
                return false;
            } catch (IOException failure) {
                throw new UncheckedIOException("read /proc/thread-self/net/" + file, failure);
            }
        }

        @Override
        public JumpPlace place() {
            return JumpPlace.of(
                    rules(hook.name()),
                    jumpTo(hook.own())::equals,
                    Legacy::refusesAll,
                    line -> line.equals(jumpTo(ufwRefusal(family)))
                            && rules(ufwRefusal(family)).stream().anyMatch(Legacy::refusesAll));
        }

        private static boolean refusesAll(String line) {
            return REFUSAL.matcher(line).matches();
        }

        private String jumpTo(String target) {
            return "-A " + hook.name() + " -j " + target;
        }

        private List<String> rules(String chain) {
            return iptables.list(chain).stream()
                    .filter(line -> line.startsWith("-A "))
                    .toList();
        }

        /** The program would have to be asked more to know. */
        @Override
        public boolean isWanted() {
            return true;
        }

        @Override
        public boolean hasOwnRule() {
            return rules(hook.own()).contains("-A " + hook.own() + " " + OwnRules.ACCEPTED_BY_IPTABLES + " -j ACCEPT");
        }

        @Override
        public boolean hasOwnChain() {
            return !iptables.list(hook.own()).isEmpty();
        }
    }
}
