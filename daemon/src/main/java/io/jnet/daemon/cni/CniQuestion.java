package io.jnet.daemon.cni;

import io.jnet.netlink.libc.Descriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code jnet-cni} has sent.
 *
 * @param environment the variables
 * @param input its standard input
 * @param descriptors its own network namespace, the container's where it could be opened, and an rtnetlink socket in that where one could; the receiver's to
 *     close
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record CniQuestion(Map<String, String> environment, byte[] input, List<Descriptor> descriptors)
        implements AutoCloseable {
    @Override
    public void close() {
        descriptors.forEach(Descriptor::close);
    }

    /** The variables of a text in which each is ended by a zero byte. */
    static Map<String, String> variables(String text) {
        Map<String, String> variables = new HashMap<>();
        for (String variable : text.split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }
}
