package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.nftables.BaseChainReader;
import io.jnet.netlink.nftables.ChainReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the FORWARD chains of the host's iptables accept what jnet's table has accepted, and its INPUT chains containers' queries for names.
 *
 * <p>An accept of {@code table inet jnet} ends jnet's own chain only; iptables' FORWARD comes next, and Docker and ufw set its policy to
 * DROP. So wherever there is a FORWARD chain, of nf_tables or legacy, IPv4 or IPv6, jnet adds a chain {@code JNET-FORWARD} of one rule,
 * which accepts the mark of {@link OwnRules#ACCEPTED_MARK}, and jumps to it from the END of FORWARD: drops of Docker and of the user come
 * first, but for what refuses everything at the end, as a policy does. An INPUT chain that might keep something out gets the same at its
 * beginning. No policy is changed, nothing else is touched, and {@link #withdraw} leaves what was there before.
 *
 * <p>Chains in nf_tables are looked at by nfnetlink; a process runs only when something is to be changed, or for legacy chains. All
 * methods act on the network namespace of the thread that opened this, and for processes on that of the calling thread, which must be
 * the same. Thread-safe.
 */
public final class ForwardCoexistence implements ForwardAdmission, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardCoexistence.class);

    /** How often a chain is looked at of which no event tells. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    private record Place(IptablesChain chain, Iptables iptables) {
        /** The legacy kind: no event tells of its changes, and each look starts processes. */
        boolean isUnheard() {
            return chain instanceof IptablesChain.Legacy;
        }

        /** For people; that of FORWARD is the program's alone. */
        String name() {
            return chain.hook() == IptablesChain.Hook.FORWARD ? iptables.name() : iptables.name() + " " + chain.hook();
        }
    }

    private final Object lock = new Object();
    private final NetlinkSocket socket;
    private final List<Place> places;
    private final LongSupplier clock;
    /** Those that jnet has had accept its packets, and when they were last looked at. */
    private final Map<Place, Long> admitted = new HashMap<>();
    /** Of which the log has said that they cannot be changed. */
    private final Set<Place> refused = new HashSet<>();

    private ForwardCoexistence(NetlinkSocket socket, List<Path> folders, LongSupplier clock) {
        this.socket = socket;
        this.clock = clock;
        List<Place> all = new ArrayList<>();
        // Forwarding first: what fails for names does not keep containers from the outside.
        for (IptablesChain.Hook hook : IptablesChain.Hook.values()) {
            for (AddressFamily family : AddressFamily.values()) {
                all.add(new Place(
                        new IptablesChain.NfTables(family, hook, new ChainReader(socket), new BaseChainReader(socket)),
                        new Iptables(family, Iptables.Variant.NF_TABLES, folders)));
                Iptables legacy = new Iptables(family, Iptables.Variant.LEGACY, folders);
                all.add(new Place(new IptablesChain.Legacy(family, hook, legacy), legacy));
            }
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
     * Puts the rules in place wherever there is such a chain. Idempotent; fractions of a millisecond when they are there.
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
        if (!place.chain.isWanted()) {
            return;
        }
        IptablesChain.Hook hook = place.chain.hook();
        boolean inPlace = place.chain.jumpsInPlace();
        if (!inPlace || !place.chain.hasOwnRule()) {
            // What others have put behind it would not be asked: of their rules, too, the drops come first.
            Runnable again = () -> restore(place, hook.ownChain() + (inPlace ? "" : place.chain.jump()));
            if (admitted.containsKey(place)) {
                lost.accept(place.name(), again);
            } else {
                again.run();
                LOG.atInfo()
                        .addKeyValue("program", place.iptables.name())
                        .log("put a jump to {} into {}", hook.own(), hook);
            }
        }
        admitted.put(place, clock.getAsLong());
    }

    /** An INPUT chain that cannot be changed, since it is none that iptables made, keeps names from containers and nothing else. */
    private void restore(Place place, String lines) {
        try {
            place.iptables.restore(lines);
            refused.remove(place);
        } catch (EngineException refusal) {
            if (place.chain.hook() == IptablesChain.Hook.FORWARD) {
                throw refusal;
            }
            if (refused.add(place)) {
                LOG.warn("{} may keep containers from asking for names: {}", place.name(), refusal.getMessage());
            }
        }
    }

    /** Removes the rules and the chain wherever they are. Idempotent; errors as for {@link #admit}. */
    @Override
    public void withdraw() {
        forEachPresent(place -> {
            admitted.remove(place);
            while (place.chain.hasJump()) {
                place.iptables.restore(place.chain.hook().noJump());
            }
            if (place.chain.hasOwnChain()) {
                place.iptables.restore(place.chain.hook().noOwnChain());
                LOG.atInfo()
                        .addKeyValue("program", place.iptables.name())
                        .log("removed {}", place.chain.hook().own());
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
