package io.jnet.engine.watch;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.nftables.GenerationChange;
import io.jnet.netlink.nftables.NftablesMessage;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Remembers who takes rules away. For each transaction the kernel tells of every object, and then of the process that made it (nf_tables_commit
 * in net/netfilter/nf_tables_api.c). One thread hears; any thread asks.
 */
final class RemovalWitness {
    private static final Set<Integer> REMOVALS = Set.of(
            NftablesMessage.NFT_MSG_DELTABLE,
            NftablesMessage.NFT_MSG_DELCHAIN,
            NftablesMessage.NFT_MSG_DELRULE,
            NftablesMessage.NFT_MSG_DELSET);

    private final AtomicReference<Optional<String>> remover = new AtomicReference<>(Optional.empty());
    private boolean removing;

    /** @return whether another process has taken rules away */
    boolean hear(NetlinkMessage message) {
        if (REMOVALS.contains(message.type())) {
            removing = true;
            return false;
        }
        Optional<GenerationChange> end = GenerationChange.decode(message);
        Optional<GenerationChange> removal = end.filter(transaction -> removing && !transaction.isByThisProcess());
        removal.map(GenerationChange::processName)
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> remover.set(Optional.of(name)));
        removing = removing && end.isEmpty();
        return removal.isPresent();
    }

    /** The name of the last other process that did, and not again until the next time. */
    Optional<String> take() {
        return remover.getAndSet(Optional.empty());
    }
}
