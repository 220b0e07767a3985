package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.name.DomainName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a runtime calls a container: of {@code CNI_ARGS} {@code K8S_POD_NAME}, which is Podman's name of a container or pod as well, or nerdctl's host name
 * of a container; and {@code runtimeConfig.aliases}. What is no name without dots is passed over: the container has it for other reasons, and is to start.
 */
final class ContainerNames {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerNames.class);
    private static final String ALIASES = "aliases";

    private ContainerNames() {}

    /**
     * @param network of the configuration
     * @return the container's own name first, if it has one
     */
    static List<DomainName> of(Optional<Fields> runtime, CniEnvironment environment, String network) {
        return Stream.concat(
                        environment
                                .argument("K8S_POD_NAME")
                                .or(() -> environment.argument("NERDCTL_CNI_DHCP_HOSTNAME"))
                                .stream(),
                        runtime.map(fields -> aliases(fields, network)).orElse(List.of()).stream())
                .flatMap(text -> name(text, environment).stream())
                .distinct()
                .toList();
    }

    /** A list as CNI's conventions have it, or what Podman sends: lists by network. */
    private static List<String> aliases(Fields runtime, String network) {
        return runtime.isObject(ALIASES)
                ? runtime.object(ALIASES)
                        .map(byNetwork -> byNetwork.exactTexts(network))
                        .orElse(List.of())
                : runtime.texts(ALIASES);
    }

    private static Optional<DomainName> name(String text, CniEnvironment environment) {
        Optional<DomainName> name = DomainName.label(text);
        if (name.isEmpty()) {
            LOG.atDebug()
                    .addKeyValue("container", environment.containerId())
                    .log("\"{}\" is no name without dots, and is not answered", Printable.of(text));
        }
        return name;
    }
}
