package io.jnet.daemon.command;

import io.jnet.daemon.control.PublishText;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.port.PortRange;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code -p} as CNI's port mappings. */
final class PublishOption {
    private PublishOption() {}

    /**
     * Adds the port mappings of an option.
     *
     * @throws EngineException with {@code INVALID_REQUEST} when it is none
     */
    static void add(String option, ArrayNode mappings) {
        PublishText text = PublishText.parse(option);
        text.requests().forEach(request -> {
            ObjectNode mapping = mappings.addObject()
                    .put("hostPort", request.hostPorts().map(PortRange::first).orElseThrow())
                    .put("containerPort", request.containerPort())
                    .put("protocol", request.protocol().text());
            request.hostAddress().ifPresent(address -> mapping.put("hostIP", address.toString()));
        });
    }
}
