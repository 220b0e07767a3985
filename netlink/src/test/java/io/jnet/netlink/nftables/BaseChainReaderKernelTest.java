package io.jnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

@KernelTest
class BaseChainReaderKernelTest {
    private static final String TABLES =
            """
            table inet host {
                chain in { type filter hook input priority filter; policy drop; }
                chain through {
                    type filter hook forward priority filter + 10; policy accept;
                    meta mark and 0x1000 == 0x1000 accept
                }
                chain aside { accept; }
            }
            table ip filter {
                chain FORWARD { type filter hook forward priority filter; policy drop; }
            }
            table ip6 filter {
                chain INPUT { type filter hook input priority -10; }
            }
            """;

    @Test
    void listsChainsOfAllFamiliesWithHookPriorityAndPolicy() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            BaseChainReader reader = new BaseChainReader(socket);
            assertThat(reader.list()).isEmpty();

            nftables.run("make tables", TABLES);

            assertThat(reader.list())
                    .containsExactlyInAnyOrder(
                            new BaseChain("inet", "host", "in", BaseChain.LOCAL_IN, 0, true),
                            new BaseChain("inet", "host", "through", BaseChain.FORWARD, 10, false),
                            new BaseChain("ip", "filter", "FORWARD", BaseChain.FORWARD, 0, true),
                            new BaseChain("ip6", "filter", "INPUT", BaseChain.LOCAL_IN, -10, false));
            byte[] mark = ByteBuffer.allocate(4)
                    .order(ByteOrder.nativeOrder())
                    .putInt(0x1000)
                    .array();
            assertThat(reader.list().stream()
                            .filter(chain -> reader.mentions(chain, mark))
                            .map(BaseChain::chain))
                    .containsExactly("through");
        }
    }
}
