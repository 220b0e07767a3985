package io.jnet.daemon.cni;

import io.jnet.daemon.host.HostException;
import io.jnet.engine.failure.Printable;
import io.jnet.netlink.address.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A configuration that is there already, and that somebody may have changed.
 *
 * @param file where it is
 * @param network the network's name
 * @param subnet the range; empty: none is named, or several are
 */
record KeptConfiguration(Path file, String network, Optional<String> subnet) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads one.
     *
     * @throws HostException when it is none
     */
    static KeptConfiguration read(Path file) throws IOException {
        JsonNode list;
        try {
            list = JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException broken) {
            throw new HostException(file + " is there and no JSON: mend or remove it", broken);
        }
        String subnet = list.at("/plugins/0/ipam/subnet").asString("");
        return new KeptConfiguration(
                file, list.path("name").asString(""), Optional.of(subnet).filter(text -> !text.isEmpty()));
    }

    /**
     * Looks at what was asked for.
     *
     * @throws HostException when that is something else
     */
    void require(Optional<String> askedNetwork, Optional<String> askedSubnet) {
        boolean same = askedNetwork.stream().allMatch(network::equals)
                && askedSubnet.stream().allMatch(asked -> subnet.filter(kept -> isSame(asked, kept))
                        .isPresent());
        if (!same) {
            throw new HostException(file + " is there already, for " + description()
                    + ": edit it, or remove it with \"jnet cni uninstall\" first");
        }
    }

    /** What it is for, in words. */
    String description() {
        return "network " + Printable.of(network)
                + subnet.map(range -> ", subnet " + Printable.of(range)).orElse(", no subnet named");
    }

    private static boolean isSame(String asked, String kept) {
        try {
            return IpPrefix.parse(asked).network().equals(IpPrefix.parse(kept).network());
        } catch (IllegalArgumentException none) {
            return asked.equals(kept);
        }
    }
}
