package io.jnet.ipam.host;

import static io.jnet.netlink.RouteMessage.RTM_DELLINK;

import io.jnet.netlink.EventsLostException;
import io.jnet.netlink.NetlinkGroup;
import io.jnet.netlink.NetlinkMonitor;
import io.jnet.netlink.NetlinkProtocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when a link of this network namespace goes: the host's end of a veth pair does so with the container's namespace. */
public final class LinkEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkEvents.class);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final NetlinkMonitor monitor;
    private volatile boolean closed;

    private LinkEvents(NetlinkMonitor monitor) {
        this.monitor = monitor;
    }

    /** Calls {@code listener}, on a thread of its own, each time. */
    public static LinkEvents listen(Runnable listener) {
        LinkEvents events =
                new LinkEvents(NetlinkMonitor.open(NetlinkProtocol.ROUTE, List.of(NetlinkGroup.RTNLGRP_LINK)));
        Thread thread = new Thread(() -> events.receive(listener), "jnet-ipam-link-events");
        thread.setDaemon(true);
        thread.start();
        return events;
    }

    @Override
    public void close() {
        closed = true;
        monitor.close();
    }

    private void receive(Runnable listener) {
        String told = "";
        while (!closed) {
            try {
                if (monitor.receive().stream().anyMatch(message -> message.type() == RTM_DELLINK)) {
                    listener.run();
                }
                told = "";
            } catch (EventsLostException lost) {
                listener.run();
            } catch (RuntimeException failure) {
                if (!closed) {
                    if (!told.equals(failure.toString())) {
                        LOG.warn("cannot hear which links go, trying again: {}", failure.getMessage());
                        told = failure.toString();
                    }
                    LockSupport.parkNanos(AFTER_FAILURE.toNanos());
                    listener.run();
                }
            }
        }
    }
}
