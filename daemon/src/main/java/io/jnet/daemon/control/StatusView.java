package io.jnet.daemon.control;

import io.jnet.engine.Status;
import io.jnet.engine.rebuild.Unrecorded;
import java.util.List;
import java.util.Map;

/**
 * What the daemon says of itself.
 *
 * @param version of the daemon
 * @param pid the daemon's process id
 * @param java the version of Java that runs it
 * @param instance the identity of its state
 * @param stateDirectory the folder of its state
 * @param started when, in UTC (ISO 8601)
 * @param networks how many networks there are
 * @param endpoints how many endpoints there are
 * @param unjoined how many of them no container has joined
 * @param publishedPorts how many host ports are published
 * @param clashes how many of them another process holds too
 * @param hostChanges what jnet has changed on the host beside its own objects
 * @param unrecorded what the kernel has of jnet and the state does not know; nothing is changed while there is any
 * @param mended how often what others undid was mended since the start, by kind
 * @param notes what a person should know
 */
public record StatusView(
        String version,
        long pid,
        String java,
        String instance,
        String stateDirectory,
        String started,
        int networks,
        int endpoints,
        int unjoined,
        int publishedPorts,
        int clashes,
        List<Status.HostChange> hostChanges,
        List<Unrecorded> unrecorded,
        Map<String, Integer> mended,
        List<String> notes) {

    static StatusView of(Status status, int unjoined, String version) {
        return new StatusView(
                version,
                ProcessHandle.current().pid(),
                Runtime.version().toString(),
                status.instance(),
                status.stateDirectory().toString(),
                status.started().toString(),
                status.networks(),
                status.endpoints(),
                unjoined,
                status.publishedPorts(),
                status.clashes(),
                status.hostChanges(),
                status.unrecorded(),
                status.mended(),
                status.notes());
    }
}
