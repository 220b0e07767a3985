package io.jnet.daemon.bundle;

import io.jnet.engine.link.LinkMark;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.neighbour.Neighbours;
import io.jnet.netlink.route.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Links, addresses, routes and neighbours as text, one line each; of the network namespace of the calling thread. */
final class HostText {
    private HostText() {}

    static String links() {
        return over(
                socket -> Links.over(socket).list().stream().map(HostText::text).toList());
    }

    static String addresses() {
        return over(socket -> {
            List<Link> links = Links.over(socket).list();
            return Addresses.over(socket).list().stream()
                    .map(address -> name(links, address.link()) + " " + address.prefix()
                            + (address.isTentative() ? " tentative" : "") + (address.isDuplicate() ? " duplicate" : ""))
                    .toList();
        });
    }

    static String routes() {
        return over(socket -> {
            List<Link> links = Links.over(socket).list();
            return Routes.over(socket).list().stream()
                    .map(route -> "table %d type %d: %s%s%s metric %d"
                            .formatted(
                                    route.table(),
                                    route.type(),
                                    route.isDefault() ? "default (" + route.family() + ")" : route.destination(),
                                    route.gateway()
                                            .map(gateway -> " via " + gateway)
                                            .orElse(""),
                                    route.links().stream()
                                            .map(link -> " dev " + name(links, link))
                                            .collect(Collectors.joining()),
                                    route.priority()))
                    .toList();
        });
    }

    static String neighbours() {
        return over(socket -> {
            List<Link> links = Links.over(socket).list();
            return Neighbours.over(socket).list().stream()
                    .map(one -> name(links, one.link()) + " " + one.address()
                            + one.mac().map(mac -> " " + mac).orElse(" (unknown)")
                            + (one.isReachable() ? " reachable" : "") + (one.isPermanent() ? " permanent" : ""))
                    .toList();
        });
    }

    private interface Look {
        List<String> lines(NetlinkSocket socket);
    }

    private static String over(Look look) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            return look.lines(socket).stream().map(line -> line + "\n").collect(Collectors.joining());
        }
    }

    /** An alias only where it is jnet's: others may have written anything there. */
    private static String text(Link link) {
        List<String> words = new ArrayList<>();
        words.add("%d %s mtu %d".formatted(link.index(), link.name(), link.mtu()));
        link.kind().map(HostText::kind).ifPresent(words::add);
        words.add(link.isUp() ? "up" : "down");
        words.add(link.hasCarrier() ? "carrier" : "no-carrier");
        link.mac().ifPresent(mac -> words.add("mac " + mac));
        link.master().ifPresent(master -> words.add("master " + master));
        link.alias().filter(alias -> LinkMark.parse(alias).isPresent()).ifPresent(alias -> words.add("alias " + alias));
        return String.join(" ", words);
    }

    private static String kind(LinkKind kind) {
        return kind.getClass().getSimpleName();
    }

    private static String name(List<Link> links, int index) {
        return links.stream()
                .filter(link -> link.index() == index)
                .map(Link::name)
                .findFirst()
                .orElse("link " + index);
    }
}
