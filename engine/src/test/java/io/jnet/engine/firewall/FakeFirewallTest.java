package io.jnet.engine.firewall;

class FakeFirewallTest extends FirewallContract {
    @Override
    Firewall open() {
        return new FakeFirewall();
    }
}
