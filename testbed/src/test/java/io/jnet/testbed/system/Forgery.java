package io.jnet.testbed.system;

import io.jnet.netlink.testkit.Frame;
import io.jnet.testbed.docker.Container;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A frame that a container sends by hand, with CAP_NET_RAW.
 *
 * @param what what it pretends, in words
 * @param frame the frame
 * @param match an expression of nft(8) that tells it from all other frames
 */
record Forgery(String what, Frame frame, String match) {

    /** Sends frames from inside a container, by an interface of it. */
    static void send(Container sender, String link, List<Forgery> forgeries) {
        sender.shell(forgeries.stream()
                .map(forgery -> "echo %s | xxd -r -p | socat -u - INTERFACE:%s"
                        .formatted(forgery.frame().hex(), link))
                .collect(Collectors.joining(" && ")));
    }

    /** What these pretend. */
    static List<String> names(List<Forgery> forgeries) {
        return forgeries.stream().map(Forgery::what).toList();
    }
}
