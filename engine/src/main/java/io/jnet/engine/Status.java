package io.jnet.engine;

import io.jnet.engine.rebuild.Unrecorded;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an engine says of itself.
 *
 * @param instance the identity of the state, drawn once
 * @param stateDirectory the folder of the state
 * @param started when this process opened the state
 * @param networks how many networks there are
 * @param endpoints how many endpoints there are
 * @param publishedPorts how many host ports are published
 * @param clashes how many of them another process holds beside their container, having taken them while no daemon ran
 * @param hostChanges what jnet has changed on the host beside its own objects
 * @param unrecorded what the kernel has of jnet and the state does not know; nothing is changed while there is any
 * @param mended how often this process has mended what others undid, by kind: {@code ruleset}, {@code forward}, {@code bridge},
 *     {@code port}, {@code shaping}; without kinds that never were
 * @param notes what a person should know: one line each, empty when all is well
 */
public record Status(
        String instance,
        Path stateDirectory,
        Instant started,
        int networks,
        int endpoints,
        int publishedPorts,
        int clashes,
        List<HostChange> hostChanges,
        List<Unrecorded> unrecorded,
        Map<String, Integer> mended,
        List<String> notes) {

    public Status {
        hostChanges = List.copyOf(hostChanges);
        unrecorded = List.copyOf(unrecorded);
        mended = Collections.unmodifiableMap(new TreeMap<>(mended));
        notes = List.copyOf(notes);
    }

    /**
     * One changed setting of the host.
     *
     * @param setting what was changed, such as {@code net.ipv4.ip_forward}
     * @param before the value that is put back with the last network
     * @param now the value that jnet has set
     */
    public record HostChange(String setting, String before, String now) {}
}
