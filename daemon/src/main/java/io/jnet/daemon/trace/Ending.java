package io.jnet.daemon.trace;

import io.jnet.netlink.nftables.BaseChain;
import io.jnet.netlink.nftables.TracedPacket;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became of a packet, in words, from the reports of the rules and from what its sender saw. */
final class Ending {
    private final Flow flow;
    private final Journey packet;
    private final Journey answer;
    private final Outcome outcome;
    private final Names names;
    private final HostPlan host;

    /** @param host answers what the host would do with it */
    Ending(Flow flow, Journey.Both journeys, Outcome outcome, Names names, HostPlan host) {
        this.flow = flow;
        this.packet = journeys.packet();
        this.answer = journeys.answer();
        this.outcome = outcome;
        this.names = names;
        this.host = host;
    }

    /** What of the host's plans no rule reports. */
    interface HostPlan {
        /** Why routing takes a packet no further that came by a link; empty when that cannot be told. */
        Optional<String> obstacle(TracedPacket packet, int in);

        /** The name of a link. */
        String link(int index);
    }

    /** Whether an answer came, or the packet of somebody else was let through. */
    boolean passed() {
        return packet.drop().isEmpty()
                && answer.drop().isEmpty()
                && (outcome == Outcome.ANSWERED
                        || outcome == Outcome.TAKEN
                        || (outcome == Outcome.CUT && served().isEmpty())
                        || (outcome == Outcome.UNKNOWN && !packet.isEmpty() && !wasRefused() && isHandedOn()));
    }

    /** What happened, one line for each thing. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (packet.isEmpty()) {
            lines.add(unseen());
            return lines;
        }
        translation().ifPresent(lines::add);
        Optional<Step> drop = packet.drop();
        if (drop.isPresent()) {
            lines.add("dropped " + where(drop.get()));
            return lines;
        }
        lines.add(delivery());
        answer.drop().map(step -> "the answer was dropped " + where(step)).ifPresent(lines::add);
        if (answer.drop().isEmpty() && isHandedOn()) {
            reaction().ifPresent(lines::add);
        }
        return lines;
    }

    private String unseen() {
        return switch (outcome) {
            case UNREACHABLE ->
                "no route: the sender has no way to %s, or nobody answers for that address on its own network; the packet never came to this host's rules"
                        .formatted(flow.destination());
            case FORBIDDEN -> "the sender's own rules did not let it out";
            case SILENCE ->
                "no answer, and the packet never came to this host's rules: nobody answers for %s on the sender's own network, or it was sent another way"
                        .formatted(flow.destination());
            case ANSWERED, TAKEN, CUT ->
                "answered, and the packet never came to this host's rules: it was sent another way";
            case REFUSED -> "refused, and the packet never came to this host's rules: it was sent another way";
            case UNKNOWN -> "no such packet came";
        };
    }

    private Optional<String> translation() {
        return packet.lastOfIp()
                .map(Journey.Station::packet)
                .filter(last -> !last.destination().equals(flow.destination()) || last.destinationPort() != flow.port())
                .map(last -> "translated to %s port %d: %s"
                        .formatted(
                                last.destination(),
                                last.destinationPort(),
                                names.published(flow.protocol(), flow.port(), last.destination())
                                        .orElse("by a rule that is not jnet's")));
    }

    private static String where(Step step) {
        boolean own = step.table().equals("inet jnet") || step.table().equals("bridge jnet");
        String decision = step.rule().equals("policy") ? "by the policy" : "by the rule \"" + step.rule() + "\"";
        return "in %s by %s: %s of chain %s in table %s%s"
                .formatted(
                        step.hook(),
                        TableOwner.of(step),
                        decision,
                        step.chain(),
                        step.table(),
                        own ? ", since " + OwnDrops.reason(step.table(), step.chain()) : "");
    }

    private boolean isHandedOn() {
        return packet.reached(BaseChain.FORWARD)
                || packet.reached(BaseChain.LOCAL_IN)
                || packet.reached(BaseChain.POST_ROUTING)
                || packet.last().bridge();
    }

    private String delivery() {
        Optional<Journey.Station> last = packet.lastOfIp();
        if (last.isEmpty() || (packet.last().bridge() && !isPastRouting())) {
            return "let through from port to port of its bridge, to "
                    + names.of(packet.last().packet().destination());
        }
        Journey.Station station = last.get();
        if (packet.reached(BaseChain.LOCAL_IN)) {
            return "let through to this host itself: "
                    + served().map(port -> "the daemon passes on %s, to %s port %d"
                                    .formatted(port.name(), port.container(), port.port()))
                            .orElse("no published port led it to a container");
        }
        if (isPastRouting()) {
            String by =
                    station.out().isPresent() ? " by " + host.link(station.out().getAsInt()) : "";
            return "let through by all rules, and sent out%s to %s"
                    .formatted(by, names.of(station.packet().destination()));
        }
        return "let through by the rules before routing, and then taken no further: "
                + host.obstacle(station.packet(), station.in().orElse(0))
                        .orElse("for this host itself, or routing has no way for it");
    }

    private boolean isPastRouting() {
        return packet.reached(BaseChain.FORWARD) || packet.reached(BaseChain.POST_ROUTING);
    }

    private Optional<ServedPort> served() {
        return packet.lastOfIp()
                .map(Journey.Station::packet)
                .filter(last -> packet.reached(BaseChain.LOCAL_IN))
                .flatMap(last -> names.served(flow.protocol(), last.destination(), last.destinationPort()));
    }

    private boolean wasReset() {
        return answer.stations().stream().anyMatch(station -> station.packet().isReset());
    }

    private Optional<Refusal> refusal() {
        return answer.stations().stream()
                .map(Journey.Station::packet)
                .flatMap(told -> Refusal.of(told).stream())
                .findFirst();
    }

    private boolean wasRefused() {
        return wasReset() || refusal().isPresent();
    }

    private Optional<String> reaction() {
        return switch (outcome) {
            case ANSWERED -> Optional.of("answered");
            case TAKEN -> Optional.of(taken());
            case CUT ->
                served().isEmpty()
                        ? Optional.of("answered")
                        : Optional.of(
                                "no connection: the daemon took it and reset it, as it does when the container refuses, and with senders whom it may not let in");
            case REFUSED, UNREACHABLE, FORBIDDEN, SILENCE -> Optional.of(failure());
            case UNKNOWN ->
                wasRefused()
                        ? Optional.of(failure())
                        : Optional.of(answer.isEmpty() ? "no answer was seen in time" : taken());
        };
    }

    /** What the traced answer says comes first: its sender sees but an error, which several answers lead to. */
    private String failure() {
        TracedPacket last = packet.lastOfIp().orElse(packet.last()).packet();
        String receiver = packet.reached(BaseChain.LOCAL_IN) ? "this host" : "the container or machine there";
        int port = last.destinationPort();
        Optional<Refusal> refusal = refusal();
        if (refusal.isPresent()) {
            return refusal(refusal.get(), receiver, last);
        }
        if (wasReset()) {
            return "no connection: %s sent RST: nothing listens on port %d there".formatted(receiver, port);
        }
        return switch (outcome) {
            case REFUSED ->
                flow.protocol() == TransportProtocol.TCP
                        ? "no connection: refused, where no rule of this host sees how: by RST, since nothing listens on port %d, or by ICMP, as a firewall does"
                                .formatted(port)
                        : "no answer: %s says that nothing has port %d there".formatted(receiver, port);
            case FORBIDDEN -> "the sender's own rules did not let it out";
            case SILENCE -> silence();
            default ->
                "no answer: %s is not reachable, where no rule of this host sees who says so: nobody has that address on its network, there is no route, or a firewall refuses it"
                        .formatted(last.destination());
        };
    }

    private String refusal(Refusal refusal, String receiver, TracedPacket last) {
        boolean tcp = flow.protocol() == TransportProtocol.TCP;
        if (refusal.isNoWay(last.destination())) {
            return "no answer: %s says that %s is not reachable: nobody has that address on its network, or there is no route"
                    .formatted(names.of(refusal.by()), last.destination());
        }
        return refusal.isNoPort(last.destination()) && !tcp
                ? "no answer: %s says that nothing has port %d there".formatted(receiver, last.destinationPort())
                : "no %s: refused by ICMP, as a firewall does, by %s"
                        .formatted(tcp ? "connection" : "answer", names.of(refusal.by()));
    }

    /** A connection is there as soon as the daemon has taken it; a datagram it does not answer itself. */
    private String taken() {
        return served().filter(port -> flow.protocol() == TransportProtocol.TCP)
                .map(port -> "answered by the daemon: whether the container answers it, \"jnet trace host %s\" tells"
                        .formatted(Tracing.text(port.container(), port.port())))
                .orElse("answered");
    }

    private String silence() {
        if (flow.protocol() == TransportProtocol.UDP) {
            return "no answer, which with UDP may be as it should: a datagram of one byte was sent";
        }
        return answer.isEmpty()
                ? "no answer came back to this host: the receiver drops it, or its answer takes another way"
                : "an answer came back, and did not reach the sender";
    }
}
