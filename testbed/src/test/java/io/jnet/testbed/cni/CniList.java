package io.jnet.testbed.cni;

import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration list, run as libcni runs it from 1.2 on: each plugin gets its object of the list with the list's name and the newest of its
 * versions, the result so far, and of what the runtime offers the capabilities that it lists. Additions run in the list's order, deletions
 * against it, and stop at the first plugin that fails. The result of an addition is kept for CHECK and DEL, until a DEL has succeeded.
 */
public final class CniList {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The version of the spec that libcni 1.2 and later ask in. */
    private static final String NEWEST = "{\"cniVersion\":\"1.1.0\"}";

    private final Machine machine;
    private final String path;
    private final JsonNode list;
    private final Map<String, Added> kept = new ConcurrentHashMap<>();

    private record Added(CniContainer container, JsonNode result) {}

    /**
     * @param machine where the plugins run
     * @param path the folders of plugins, as in {@code CNI_PATH}
     * @param list the list's JSON
     */
    public CniList(Machine machine, String path, String list) {
        this.machine = machine;
        this.path = path;
        this.list = JSON.readTree(list);
    }

    /** The same list in a runtime that has no results: after its restart, without its cache. */
    public CniList withoutResults() {
        return new CniList(machine, path, list.toString());
    }

    /** The versions that each plugin supports, in the list's order. */
    public List<List<String>> versions() {
        return plugins().stream()
                .map(plugin -> run(plugin, "VERSION", new CniContainer("", "dummy", "", Map.of()), "dummy", NEWEST)
                        .result())
                .map(answer -> StreamSupport.stream(
                                answer.path("supportedVersions").spliterator(), false)
                        .map(JsonNode::asString)
                        .toList())
                .toList();
    }

    /**
     * Adds a container.
     *
     * @return the last plugin's result
     * @throws IllegalStateException when a plugin fails
     */
    public JsonNode add(CniContainer container) {
        Optional<JsonNode> result = Optional.empty();
        for (JsonNode plugin : plugins()) {
            result = Optional.of(run(plugin, "ADD", container, result).result());
        }
        kept.put(container.id(), new Added(container, result.orElseThrow()));
        return result.orElseThrow();
    }

    /** Checks a container with the kept result; each plugin must succeed, and print nothing. */
    public void check(CniContainer container) {
        for (JsonNode plugin : plugins()) {
            tryCheck(plugin, container).succeeded();
        }
    }

    /** What the first plugin that fails says of a container. */
    public CniCall.Answer failedCheck(CniContainer container) {
        return plugins().stream()
                .map(plugin -> tryCheck(plugin, container))
                .filter(answer -> !answer.command().succeeded())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no plugin has found a fault"));
    }

    private CniCall.Answer tryCheck(JsonNode plugin, CniContainer container) {
        return run(
                plugin, "CHECK", container, Optional.of(kept.get(container.id()).result()));
    }

    /** Deletes a container, with the result when one is kept; each plugin must succeed, and print nothing. */
    public void delete(CniContainer container) {
        List<JsonNode> reversed = new ArrayList<>(plugins());
        Collections.reverse(reversed);
        // Before 0.4.0 the spec has no prevResult for DEL.
        Optional<JsonNode> result = Optional.ofNullable(kept.get(container.id()))
                .map(Added::result)
                .filter(known -> !version().startsWith("0.3"));
        for (JsonNode plugin : reversed) {
            run(plugin, "DEL", container, result).succeeded();
        }
        kept.remove(container.id());
    }

    /** Asks each plugin whether containers can be added, up to the first that says no; gives the last answer. */
    public CniCall.Answer status() {
        CniCall.Answer answer = null;
        for (JsonNode plugin : plugins()) {
            answer = run(plugin, "STATUS", noContainer(), injected(plugin));
            if (!answer.command().succeeded()) {
                return answer;
            }
        }
        return answer;
    }

    /**
     * Collects what no valid attachment has: a DEL for each kept result that is not among them, then GC. Without any valid attachment
     * libcni says {@code null}, an empty slice of Go.
     */
    public void collect(CniContainer... valid) {
        List<String> ids = List.of(valid).stream().map(CniContainer::id).toList();
        List.copyOf(kept.values()).stream()
                .map(Added::container)
                .filter(container -> !ids.contains(container.id()))
                .forEach(this::delete);
        List<Map<String, String>> attachments = ids.stream()
                .map(id -> Map.of("containerID", id, "ifname", CniContainer.INTERFACE))
                .toList();
        for (JsonNode plugin : plugins()) {
            ObjectNode configuration = injected(plugin);
            for (String key : List.of("cni.dev/valid-attachments", "cni.dev/attachments")) {
                configuration.set(key, ids.isEmpty() ? JSON.nullNode() : JSON.valueToTree(attachments));
            }
            run(plugin, "GC", noContainer(), configuration).succeeded();
        }
    }

    private CniCall.Answer run(JsonNode plugin, String command, CniContainer container, Optional<JsonNode> result) {
        ObjectNode configuration = injected(plugin);
        result.ifPresent(previous -> configuration.set("prevResult", previous));
        Map<String, Object> offered = container.capabilities().entrySet().stream()
                .filter(capability ->
                        plugin.path("capabilities").path(capability.getKey()).asBoolean(false))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (!offered.isEmpty()) {
            configuration.set("runtimeConfig", JSON.valueToTree(offered));
        }
        return run(plugin, command, container, configuration);
    }

    private CniCall.Answer run(JsonNode plugin, String command, CniContainer container, ObjectNode configuration) {
        return run(plugin, command, container, path, configuration.toString());
    }

    /** All variables are always set; those that are not known are empty. */
    private CniCall.Answer run(JsonNode plugin, String command, CniContainer container, String folders, String input) {
        String type = plugin.path("type").asString();
        String executable =
                machine.shell("PATH='%s' command -v '%s'".formatted(path, type)).strip();
        boolean named = !container.namespace().isEmpty() || !container.id().isEmpty();
        return CniCall.of(command, container.id(), input)
                .with("CNI_NETNS", container.namespace())
                .with("CNI_ARGS", container.arguments())
                .with("CNI_IFNAME", command.equals("VERSION") ? "dummy" : named ? CniContainer.INTERFACE : "")
                .with("CNI_PATH", folders)
                .run(machine, executable);
    }

    /** libcni leaves the capabilities where they are. */
    private ObjectNode injected(JsonNode plugin) {
        ObjectNode configuration = (ObjectNode) plugin.deepCopy();
        configuration.put("name", list.path("name").asString());
        configuration.put("cniVersion", version());
        return configuration;
    }

    private static CniContainer noContainer() {
        return new CniContainer("", "", "", Map.of());
    }

    private List<JsonNode> plugins() {
        return StreamSupport.stream(list.path("plugins").spliterator(), false).toList();
    }

    /** Of all versions of the spec each number is one digit. */
    private String version() {
        return Stream.concat(
                        Stream.of(list.path("cniVersion")),
                        StreamSupport.stream(list.path("cniVersions").spliterator(), false))
                .map(JsonNode::asString)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
