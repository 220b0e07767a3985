package io.jnet.engine.firewall;

import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.nftables.ChainReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the FORWARD chains of the host's iptables accept what jnet's table has accepted.
 *
 * <p>An accept of {@code table inet jnet} ends jnet's own chain only; iptables' FORWARD comes next, and Docker and ufw set its policy to
 * DROP. So wherever there is a FORWARD chain, of nf_tables or legacy, IPv4 or IPv6, jnet adds a chain {@code JNET-FORWARD} of one rule,
 * which accepts the mark of {@link Ruleset#ACCEPTED_MARK}, and jumps to it from the END of FORWARD: drops of Docker and of the user come
 * first. No policy is changed, nothing else is touched, and {@link #withdraw} leaves what was there before.
 *
 * <p>Chains in nf_tables are looked at by nfnetlink; a process runs only when something is to be changed, or for legacy chains. All
 * methods act on the network namespace of the thread that opened this, and for processes on that of the calling thread, which must be
 * the same. Thread-safe.
 */
public final class ForwardCoexistence implements ForwardAdmission, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardCoexistence.class);

    static final String MARK = "0x%1$x/0x%1$x".formatted(Ruleset.ACCEPTED_MARK);

    private static final String OWN_CHAIN =
            ":JNET-FORWARD - [0:0]\n-A JNET-FORWARD -m mark --mark " + MARK + " -j ACCEPT\n";
    private static final String JUMP = "-A FORWARD -j JNET-FORWARD\n";
    private static final String NO_JUMP = "-D FORWARD -j JNET-FORWARD\n";
    private static final String NO_OWN_CHAIN = "-F JNET-FORWARD\n-X JNET-FORWARD\n";

    /** How often a chain is looked at of which no event tells. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    private record Place(ForwardChain chain, Iptables iptables) {
        /** The legacy kind: no event tells of its changes, and each look starts processes. */
        boolean isUnheard() {
            return chain instanceof ForwardChain.Legacy;
        }
    }

    private final Object lock = new Object();
    private final NetlinkSocket socket;
    private final List<Place> places;
    private final LongSupplier clock;
    /** Those that jnet has had accept its packets, and when they were last looked at. */
    private final Map<Place, Long> admitted = new HashMap<>();

    private ForwardCoexistence(NetlinkSocket socket, List<Path> folders, LongSupplier clock) {
        this.socket = socket;
        this.clock = clock;
        List<Place> all = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            all.add(new Place(
                    new ForwardChain.NfTables(family, new ChainReader(socket)),
                    new Iptables(family, Iptables.Variant.NF_TABLES, folders)));
            Iptables legacy = new Iptables(family, Iptables.Variant.LEGACY, folders);
            all.add(new Place(new ForwardChain.Legacy(family, legacy), legacy));
        }
        this.places = List.copyOf(all);
    }

    /**
     * Opens this for the network namespace of the calling thread. Changes nothing.
     *
     * @throws EngineException with {@code KERNEL} when nfnetlink is not there
     */
    public static ForwardCoexistence open() {
        return open(Iptables.FOLDERS);
    }

    static ForwardCoexistence open(List<Path> folders) {
        return open(folders, System::nanoTime);
    }

    static ForwardCoexistence open(List<Path> folders, LongSupplier clock) {
        try {
            return new ForwardCoexistence(NetlinkSocket.open(NetlinkProtocol.NETFILTER), folders, clock);
        } catch (KernelException failure) {
            throw kernel(failure);
        }
    }

    /**
     * Puts the rules in place wherever there is a FORWARD chain. Idempotent; fractions of a millisecond when they are there.
     *
     * @throws EngineException with {@code UNSUPPORTED} when a program that is needed is not installed, otherwise with {@code KERNEL}
     */
    @Override
    public void admit() {
        forEachPresent(place -> admit(place, (chain, again) -> again.run()));
    }

    @Override
    public void admit(BiConsumer<String, Runnable> lost) {
        forEachPresent(place -> {
            if (isDue(place)) {
                admit(place, lost);
            }
        });
    }

    @Override
    public boolean isUnheard() {
        synchronized (lock) {
            return admitted.keySet().stream().anyMatch(Place::isUnheard);
        }
    }

    private boolean isDue(Place place) {
        Long looked = admitted.get(place);
        return !place.isUnheard() || looked == null || clock.getAsLong() - looked >= PERIOD.toNanos();
    }

    private void admit(Place place, BiConsumer<String, Runnable> lost) {
        boolean last = place.chain.jumpsLast();
        if (!last || !place.chain.hasOwnRule()) {
            // What others have put behind it would not be asked: of their rules, too, the drops come first.
            String moved = place.chain.hasJump() ? NO_JUMP + JUMP : JUMP;
            Runnable again = () -> place.iptables.restore(OWN_CHAIN + (last ? "" : moved));
            if (admitted.containsKey(place)) {
                lost.accept(place.iptables.name(), again);
            } else {
                again.run();
                LOG.atInfo().addKeyValue("program", place.iptables.name()).log("put jnet's rule at the end of FORWARD");
            }
        }
        admitted.put(place, clock.getAsLong());
    }

    /** Removes the rules and the chain wherever they are. Idempotent; errors as for {@link #admit}. */
    @Override
    public void withdraw() {
        forEachPresent(place -> {
            admitted.remove(place);
            while (place.chain.hasJump()) {
                place.iptables.restore(NO_JUMP);
            }
            if (place.chain.hasOwnChain()) {
                place.iptables.restore(NO_OWN_CHAIN);
                LOG.atInfo().addKeyValue("program", place.iptables.name()).log("removed jnet's rule from FORWARD");
            }
        });
    }

    @Override
    public void close() {
        socket.close();
    }

    private void forEachPresent(Consumer<Place> action) {
        synchronized (lock) {
            try {
                List<Place> present =
                        places.stream().filter(place -> place.chain.isPresent()).toList();
                admitted.keySet().retainAll(present);
                present.forEach(action);
            } catch (KernelException | UncheckedIOException failure) {
                throw kernel(failure);
            }
        }
    }

    private static EngineException kernel(RuntimeException failure) {
        return new EngineException(ErrorCode.KERNEL, failure.getMessage(), failure);
    }
}
