package io.jnet.daemon.command;

import io.jnet.daemon.control.PublishText;
import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.port.PortRange;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code -p} as CNI's port mappings. */
final class PublishOption {
    private PublishOption() {}

    /**
     * Adds the port mappings of an option.
     *
     * @throws WrongUsageException when it is none
     */
    static void add(String option, ArrayNode mappings) {
        checked(option, PublishText::parse).requests().forEach(request -> {
            ObjectNode mapping = mappings.addObject()
                    .put("hostPort", request.hostPorts().map(PortRange::first).orElseThrow())
                    .put("containerPort", request.containerPort())
                    .put("protocol", request.protocol().text());
            request.hostAddress().ifPresent(address -> mapping.put("hostIP", address.toString()));
        });
    }

    /**
     * A published port as the command line names it.
     *
     * @param parser one of {@link PublishText}'s
     * @throws WrongUsageException when it is none
     */
    static PublishText checked(String text, Function<String, PublishText> parser) {
        try {
            return parser.apply(text);
        } catch (EngineException invalid) {
            throw new WrongUsageException(invalid.getMessage(), invalid);
        }
    }
}
