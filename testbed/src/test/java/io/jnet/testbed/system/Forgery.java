package io.jnet.testbed.system;

import io.jnet.netlink.testkit.Frame;
import io.jnet.testbed.docker.Container;
import java.util.ArrayList;
import java.util.List;

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
        List<String> command = new ArrayList<>(List.of("send-frame", link));
        forgeries.forEach(forgery -> command.add(forgery.frame().hex()));
        sender.exec(command.toArray(String[]::new)).orThrow();
    }

    /** What these pretend. */
    static List<String> names(List<Forgery> forgeries) {
        return forgeries.stream().map(Forgery::what).toList();
    }
}
