package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.nftables.ChainReader;
import io.jnet.netlink.nftables.ChainReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One of the FORWARD chains that a host's iptables may have: for each address family one in nf_tables and one of the legacy kind. */
interface ForwardChain {
    /** jnet's own chain in the same table. */
    String OWN = "JNET-FORWARD";

    /** The kernel's table and chain of iptables. */
    String TABLE = "filter";

    String FORWARD = "FORWARD";

    /** Whether the host has it. Loads and changes nothing. */
    boolean isPresent();

    /** Whether its rules lead to jnet's chain. */
    boolean hasJump();

    /** Whether that is what they do last, as far as it can be told. */
    boolean jumpsLast();

    /** Whether jnet's chain exists and holds its rule. */
    boolean hasOwnRule();

    /** Whether jnet's chain exists. */
    boolean hasOwnChain();

    /** The chain in nf_tables, looked at without a process. */
    record NfTables(AddressFamily family, ChainReader reader) implements ForwardChain {
        @Override
        public boolean isPresent() {
            return reader.exists(chain(FORWARD));
        }

        @Override
        public boolean hasJump() {
            return reader.targets(chain(FORWARD)).contains(Optional.of(OWN));
        }

        @Override
        public boolean jumpsLast() {
            List<Optional<String>> targets = reader.targets(chain(FORWARD));
            return !targets.isEmpty() && targets.get(targets.size() - 1).equals(Optional.of(OWN));
        }

        @Override
        public boolean hasOwnRule() {
            return !reader.targets(chain(OWN)).isEmpty();
        }

        @Override
        public boolean hasOwnChain() {
            return reader.exists(chain(OWN));
        }

        private ChainReference chain(String name) {
            return new ChainReference(family, TABLE, name);
        }
    }

    /** The chain of x_tables. Its rules are one blob in the layout of the running kernel, so the program is asked. */
    record Legacy(AddressFamily family, Iptables iptables) implements ForwardChain {
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
        public boolean hasJump() {
            // Asked about a jump to a chain that is not there, the legacy program fails instead of denying it.
            return hasOwnChain() && iptables.succeeds("-C", FORWARD, "-j", OWN);
        }

        /** The program answers whether there is a rule, not where. */
        @Override
        public boolean jumpsLast() {
            return hasJump();
        }

        @Override
        public boolean hasOwnRule() {
            return hasOwnChain()
                    && iptables.succeeds("-C", OWN, "-m", "mark", "--mark", ForwardCoexistence.MARK, "-j", "ACCEPT");
        }

        @Override
        public boolean hasOwnChain() {
            return iptables.succeeds("-n", "-L", OWN);
        }
    }
}
