package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Network;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.nftables.BaseChain;
import io.jnet.netlink.nftables.BaseChainReader;
import io.jnet.netlink.nftables.ChainReader;
import io.jnet.netlink.nftables.ChainReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The filters that nf_tables has: firewalld's and ufw's by the names of their tables and chains, everybody's by what their chains do. */
public final class KernelHostFilters implements HostFilterView, AutoCloseable {
    /** Those of jnet, and firewalld's, which {@link ZoneFirewall} is for; the second one of it is there while it loads its rules. */
    private static final Set<String> KNOWN_TABLES = Set.of("jnet", "jnet_keep", "firewalld", "firewalld_policy_drop");

    private static final String FIREWALLD = "inet firewalld";

    /** There while ufw is active, and only then (src/ufw-init-functions leaves other chains of its own behind). */
    private static final String OF_UFW = "ufw-user-input";

    /** The table of iptables in nf_tables; {@link ForwardCoexistence} takes care of its FORWARD. */
    private static final String OF_IPTABLES = "filter";

    /** As a value of four bytes, with its attribute's length and type (NFTA_DATA_VALUE): a port or a rate may have the same bytes. */
    private static final byte[] MARK = ByteBuffer.allocate(2 * Integer.BYTES)
            .order(ByteOrder.nativeOrder())
            .putShort((short) (2 * Integer.BYTES))
            .putShort((short) 1)
            .putInt(OwnRules.ACCEPTED_MARK)
            .array();

    /** {@link OwnRules#ACCEPTED_BY_IPTABLES} of an iptables that is translated: mark and mask (xt_mark.h, xt_mark_mtinfo1). */
    private static final byte[] MARK_OF_IPTABLES = ByteBuffer.allocate(2 * Integer.BYTES)
            .order(ByteOrder.nativeOrder())
            .putInt(OwnRules.ACCEPTED_MARK)
            .putInt(OwnRules.ACCEPTED_MARK)
            .array();

    private static final byte[] BRIDGES = Network.BRIDGE_PREFIX.getBytes(StandardCharsets.US_ASCII);

    private final Object lock = new Object();
    private final NetlinkSocket socket;

    private KernelHostFilters(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens this for the network namespace of the calling thread.
     *
     * @throws EngineException with {@code KERNEL} when nfnetlink is not there
     */
    public static KernelHostFilters open() {
        try {
            return new KernelHostFilters(NetlinkSocket.open(NetlinkProtocol.NETFILTER));
        } catch (KernelException failure) {
            throw new EngineException(ErrorCode.KERNEL, failure.getMessage(), failure);
        }
    }

    @Override
    public HostFilters look() {
        synchronized (lock) {
            try {
                BaseChainReader reader = new BaseChainReader(socket);
                List<BaseChain> chains = reader.list().stream()
                        .filter(BaseChain::isOfInternetProtocol)
                        .toList();
                boolean zones =
                        chains.stream().anyMatch(chain -> chain.tableName().equals(FIREWALLD));
                return new HostFilters(guard(chains, zones), barriers(reader, chains), zones);
            } catch (NetlinkException refusal) {
                throw new EngineException(ErrorCode.KERNEL, refusal.getMessage(), refusal);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private Optional<String> guard(List<BaseChain> chains, boolean zones) {
        if (isUfwActive()) {
            return Optional.of("ufw");
        }
        if (zones) {
            return Optional.of("firewalld");
        }
        return chains.stream()
                .filter(chain -> chain.hook() == BaseChain.LOCAL_IN && chain.dropsByPolicy())
                .filter(chain -> !KNOWN_TABLES.contains(chain.table()))
                .min(Comparator.comparing(BaseChain::tableName).thenComparing(BaseChain::chain))
                .map(KernelHostFilters::name);
    }

    private boolean isUfwActive() {
        ChainReader reader = new ChainReader(socket);
        return reader.exists(new ChainReference(AddressFamily.INET, OF_IPTABLES, OF_UFW));
    }

    private static String name(BaseChain chain) {
        if (isOfIptables(chain, "INPUT")) {
            return chain.family().equals("ip") ? "iptables INPUT" : "ip6tables INPUT";
        }
        return "table " + chain.tableName() + ", chain " + chain.chain();
    }

    /** Without those whose owner has a rule about jnet's mark, or its bridges, in it: jnet's own advice, or a will of their own. */
    private static List<ForwardBarrier> barriers(BaseChainReader reader, List<BaseChain> chains) {
        return chains.stream()
                .filter(chain -> chain.hook() == BaseChain.FORWARD && chain.dropsByPolicy())
                .filter(chain -> !KNOWN_TABLES.contains(chain.table())
                        && !isOfIptables(chain, IptablesChain.Hook.FORWARD.name()))
                .filter(chain -> !reader.mentions(chain, MARK)
                        && !reader.mentions(chain, MARK_OF_IPTABLES)
                        && !reader.mentions(chain, BRIDGES))
                .map(chain -> new ForwardBarrier(chain.tableName(), chain.chain(), chain.priority()))
                .sorted(Comparator.comparing(ForwardBarrier::name))
                .toList();
    }

    private static boolean isOfIptables(BaseChain chain, String name) {
        return !chain.family().equals("inet")
                && chain.table().equals(OF_IPTABLES)
                && chain.chain().equals(name);
    }
}
