package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.docker.ContainerReference;
import io.jnet.daemon.host.Capabilities;
import io.jnet.daemon.service.Deployment;
import io.jnet.daemon.terminal.Colour;
import io.jnet.daemon.terminal.Plain;
import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.daemon.trace.Step;
import io.jnet.daemon.trace.TraceReport;
import io.jnet.daemon.trace.TraceTarget;
import io.jnet.daemon.trace.TracedContainer;
import io.jnet.daemon.trace.Tracing;
import io.jnet.daemon.trace.Tracing.Place;
import io.jnet.engine.network.ShortId;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jnet trace}. */
@Command(
        name = "trace",
        description =
                "Follow one packet through this host's rules, and say where it ends and why. Exit status 0 when it was answered, or, as a packet of somebody else's, let through and not refused; else 1.")
final class TraceCommand implements Callable<Integer> {
    private static final String HOST = "host";
    private static final String OUTSIDE = "outside";
    private static final int LONGEST_WAIT = 3600;
    /** A TCP sender repeats its first packet after a second. */
    private static final int ANSWER = 3;

    private static final int PACKET = 30;

    private final CommandContext context;

    @Parameters(
            index = "0",
            paramLabel = "FROM",
            description =
                    "Who sends: a container or endpoint, its address, \"host\"; or \"outside\" or any other address, whose next packet is waited for.")
    private String from;

    @Parameters(
            index = "1",
            paramLabel = "TO:PORT[/PROTOCOL]",
            description = "An address, container or endpoint; tcp (default) or udp; IPv6 addresses in brackets.")
    private String to;

    @Option(names = "--wait", description = "Send nothing: follow the next packet that somebody else sends.")
    private boolean waiting;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description =
                    "How long an answer is waited for (default: 3), or somebody else's packet (default: 30); 1 to 3600.")
    private Optional<Integer> seconds = Optional.empty();

    @Mixin
    private DaemonSocket socket;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    TraceCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        TraceTarget target = TraceTarget.parse(to);
        if (seconds.orElse(1) < 1 || seconds.orElse(1) > LONGEST_WAIT) {
            throw new WrongUsageException("invalid --timeout: want 1 to " + LONGEST_WAIT + " seconds");
        }
        Capabilities.require("this command", Deployment.PROCESS.capabilities());
        DaemonSays daemon = DaemonSays.ask(socket.path());
        TraceReport report = trace(daemon, target);
        if (json) {
            context.printJson(report);
        } else {
            print(report, context.out());
        }
        return report.passed() ? 0 : 1;
    }

    private TraceReport trace(DaemonSays daemon, TraceTarget target) throws InterruptedException {
        Optional<IpAddress> given = address(from);
        Optional<TracedContainer> sender = sender(daemon, given);
        IpAddress destination = destination(target, given, sender);
        Tracing tracing = new Tracing(daemon);
        Set<IpAddress> sources = sources(given, sender, destination.family());
        if (waiting || (sender.isEmpty() && !from.equals(HOST))) {
            sender.ifPresent(TracedContainer::requireAddresses);
            return await(tracing, sources, destination, target);
        }
        try (NetworkNamespace namespace = namespace(sender)) {
            return tracing.probe(namespace, given, destination, target, Duration.ofSeconds(seconds.orElse(ANSWER)));
        }
    }

    /** Whose packets are followed; a container on several networks sends by the address that its routes choose. */
    private static Set<IpAddress> sources(
            Optional<IpAddress> given, Optional<TracedContainer> sender, AddressFamily family) {
        given.filter(address -> address.family() != family).ifPresent(other -> {
            throw ClientException.of("FROM and TO are of different address families");
        });
        return given.map(Set::of)
                .or(() -> sender.map(container -> container.addresses(family)))
                .orElse(Set.of());
    }

    private TraceReport await(Tracing tracing, Set<IpAddress> sources, IpAddress destination, TraceTarget target)
            throws InterruptedException {
        boolean named = !from.equals(HOST) && !from.equals(OUTSIDE);
        if (named && sources.isEmpty()) {
            throw ClientException.of("FROM and TO are of different address families");
        }
        int longest = seconds.orElse(PACKET);
        if (!json) {
            context.out()
                    .println("waiting up to %d seconds for a %s packet from %s to %s port %d"
                            .formatted(longest, target.protocol(), from, destination, target.port()));
            context.out().flush();
        }
        Place place = from.equals(HOST) ? Place.HOST : Place.OUTSIDE;
        return tracing.await(sources, place, destination, target, Duration.ofSeconds(longest));
    }

    /** The container that sends; empty for the host, the outside, and addresses that are no container's. */
    private Optional<TracedContainer> sender(DaemonSays daemon, Optional<IpAddress> given) {
        if (from.equals(HOST) || from.equals(OUTSIDE)) {
            return Optional.empty();
        }
        if (given.isPresent()) {
            return daemon.endpoints().stream()
                    .filter(endpoint -> has(endpoint, given.get()))
                    .findFirst()
                    .map(endpoint -> new TracedContainer(List.of(endpoint)));
        }
        return Optional.of(TracedContainer.of(endpoints(from), daemon.endpoints()));
    }

    private IpAddress destination(TraceTarget target, Optional<IpAddress> given, Optional<TracedContainer> sender) {
        return address(target.host()).orElseGet(() -> new TracedContainer(endpoints(target.host()))
                .addressFor(sender, given.map(IpAddress::family)));
    }

    private List<EndpointView> endpoints(String reference) {
        return new ContainerReference(reference, context.environment())
                .endpoints(new ControlClient(socket.path(), DaemonSays.PATIENCE));
    }

    private static NetworkNamespace namespace(Optional<TracedContainer> sender) {
        if (sender.isEmpty()) {
            return NetworkNamespace.current();
        }
        EndpointView endpoint =
                sender.get().joined().orElse(sender.get().endpoints().get(0));
        try {
            return NetworkNamespace.open(Path.of(endpoint.sandbox()
                    .orElseThrow(() -> ClientException.of("no container has joined endpoint "
                            + ShortId.of(endpoint.id()) + ": nothing can be sent from it"))));
        } catch (KernelException | InvalidPathException gone) {
            throw ClientException.of("cannot enter the network namespace of endpoint " + ShortId.of(endpoint.id())
                    + ": " + gone.getMessage() + "; follow a packet that it sends itself with --wait");
        }
    }

    private static boolean has(EndpointView endpoint, IpAddress address) {
        return endpoint.addresses().stream()
                .anyMatch(text -> IpPrefix.parse(text).address().equals(address));
    }

    private static Optional<IpAddress> address(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    private static void print(TraceReport report, PrintWriter out) {
        out.println(report.packet());
        report.steps().forEach(step -> out.println("  " + Plain.text(text(step))));
        if (!report.answer().isEmpty()) {
            out.println("the answer");
            report.answer().forEach(step -> out.println("  " + Plain.text(text(step))));
        }
        Colour end = report.passed() ? Colour.GOOD : Colour.BAD;
        report.end().forEach(line -> out.println(end.of(Plain.text(line))));
    }

    private static String text(Step step) {
        String verdict = step.rule().endsWith(step.verdict()) ? "" : ": " + step.verdict();
        return "%s: table %s, chain %s: %s%s".formatted(step.hook(), step.table(), step.chain(), step.rule(), verdict);
    }
}
