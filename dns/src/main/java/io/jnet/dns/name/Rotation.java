package io.jnet.dns.name;

import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Addresses that take turns at being the first, since clients take that one. */
public final class Rotation {
    private final List<byte[]> addresses;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param addresses of one family
     */
    Rotation(List<IpAddress> addresses) {
        this.addresses = new ArrayList<>(addresses.size());
        new LinkedHashSet<>(addresses).forEach(address -> this.addresses.add(address.bytes()));
    }

    /** How many there are. */
    public int size() {
        return addresses.size();
    }

    /**
     * Goes over all of them, beginning one further than the last time.
     *
     * @param each is given an address in network order, which it does not change
     */
    public void next(Consumer<byte[]> each) {
        int count = addresses.size();
        int first = count < 2 ? 0 : Math.floorMod(turn.getAndIncrement(), count);
        for (int i = 0; i < count; i++) {
            each.accept(addresses.get((first + i) % count));
        }
    }
}
