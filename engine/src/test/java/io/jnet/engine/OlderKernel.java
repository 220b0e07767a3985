package io.jnet.engine;

import io.jnet.engine.host.HostSettings;
import io.jnet.engine.surroundings.HostConnection;
import java.util.Optional;

/** The kernel as it was before Linux 6.17: IPv6 is forwarded on all interfaces or on none. Everything else is the real one's. */
final class OlderKernel {
    private OlderKernel() {}

    static HostConnection connect() {
        HostConnection real = KernelHost.connect(EngineSettings.DEFAULT);
        return new HostConnection(
                real.namespace(),
                real.links(),
                real.markedLinks(),
                real.ownLinks(),
                real.shaper(),
                real.portVlans(),
                real.adoptedBridges(),
                real.firewall(),
                real.rulesets(),
                real.admission(),
                real.filters(),
                real.zones(),
                withoutForceForwarding(real.settings()),
                real.ports(),
                real.flows(),
                real.counters(),
                real.changes(),
                real.sandboxes(),
                real.namespaces(),
                real.clock(),
                real.release());
    }

    private static HostSettings withoutForceForwarding(HostSettings settings) {
        return new HostSettings() {
            @Override
            public Optional<String> read(String key) {
                return key.endsWith("/force_forwarding") ? Optional.empty() : settings.read(key);
            }

            @Override
            public void write(String key, String value) {
                settings.write(key, value);
            }
        };
    }
}
