package io.jnet.daemon.ruleset;

/**
 * A CNI configuration with jnet alone, as a person writes it and as a runtime sends it.
 *
 * @param keys those of jnet, as JSON
 */
record CniConfiguration(String keys) implements NetworkRequest {
    static final String CONTAINER = "c1";

    @Override
    public String text() {
        return """
               cat >/etc/cni/net.d/10-web.conflist <<'END'
               {"cniVersion": "1.0.0", "name": "web", "plugins": [{"type": "jnet", %s}]}
               END"""
                .formatted(keys);
    }

    @Override
    public String container() {
        return "ctr run --cni ... " + CONTAINER;
    }

    /** What the plugin gets. */
    String input() {
        return "{\"cniVersion\": \"1.0.0\", \"name\": \"web\", \"type\": \"jnet\", " + keys + "}";
    }
}
