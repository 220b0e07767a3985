package io.jnet.engine.firewall;

import io.jnet.netlink.testkit.KernelTest;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

@KernelTest
class NftFirewallContractKernelTest extends FirewallContract {
    private Optional<NftFirewall> opened = Optional.empty();

    @Override
    Firewall open() {
        NftFirewall firewall = NftFirewall.open();
        opened = Optional.of(firewall);
        return firewall;
    }

    @AfterEach
    void close() {
        opened.ifPresent(NftFirewall::close);
    }
}
