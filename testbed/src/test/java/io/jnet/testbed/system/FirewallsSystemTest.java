package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginContainer;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.firewall.FirewalledHost;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import io.jnet.testbed.machine.Questions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who reaches whom beside each firewall that a host may have, before and after that is loaded again, against the table in {@code
 * docs/firewalls.md}. After a change: run with {@code -Dsurefire.jvm.args=-Djnet.golden=write}, read the difference, commit it.
 */
@SystemTest
class FirewallsSystemTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "firewalls.md");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 10;
    private static final int SERVED = 80;
    private static final int OPEN = 8080;
    private static final int FIREWALLED = 8081;
    private static final int SSH = 22;
    private static final int OUTSIDE = 9000;

    private Lab lab;
    private JnetDaemon jnet;
    private PluginContainer open;
    private PluginContainer firewalled;

    @BeforeEach
    void boot() {
        lab = Lab.open();
        serve(lab.outside(), OUTSIDE);
        lab.outside().shell("ip route add 10.0.0.0/8 via " + Lab.HOST_ADDRESS);
        serve(lab.host(), SSH);
    }

    private static void serve(Machine machine, int port) {
        machine.start("sh", "-c", Servers.tellPeer(port));
        Eventually.holds("a server on " + machine.name(), PATIENCE, () -> machine.shell("ss -Hltn")
                .contains(":" + port + " "));
    }

    @AfterEach
    void switchOff() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource
    void theTableIsWhatIsSeen(FirewalledHost.Kind kind) throws IOException {
        FirewalledHost firewall = kind.on(lab.host());
        firewall.start();
        startJnet();

        Seen seen = look(kind, firewall);
        firewall.reload();
        awaitThat(seen);
        assertThat(look(kind, firewall)).as("after a reload").isEqualTo(seen);

        Optional<String> way = firewall.letIn(firewalled.address(), firewalled.bridge(), SERVED);
        if (way.isPresent()) {
            assertThat(seen.firewalled()).isEqualTo("no");
            Eventually.holds(way.get(), PATIENCE, () -> outside().reaches(Lab.HOST_ADDRESS, FIREWALLED));
        }
        if (seen.isAdvised()) {
            lab.host().shell(advice().orElseThrow());
            Eventually.holds(
                    "let through by that line", PATIENCE, () -> outside().reaches(Lab.HOST_ADDRESS, OPEN));
            assertThat(open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE)).isTrue();
            assertThat(outside().reaches(Lab.HOST_ADDRESS, FIREWALLED)).isFalse();
        }
        compare(kind, seen.row(kind, way));
    }

    /** What a host of the kind does. */
    private record Seen(String open, String firewalled, String byRoute, String out, String host, String names) {
        private static final String ADVISED = "no, said at create with the line to add";

        boolean isAdvised() {
            return open.equals(ADVISED);
        }

        String row(FirewalledHost.Kind kind, Optional<String> way) {
            return "| " + String.join(" | ", kind.title(), open, way.orElse(firewalled), byRoute, out, host, names)
                    + " |";
        }
    }

    private Seen look(FirewalledHost.Kind kind, FirewalledHost firewall) throws IOException {
        int attempts = answersNames(kind) ? ATTEMPTS : 1;
        try (Questions questions = new Questions()) {
            Supplier<Boolean> reached = questions.ask(() -> outside().reaches(Lab.HOST_ADDRESS, OPEN));
            Supplier<Boolean> letIn = questions.ask(() -> outside().reaches(Lab.HOST_ADDRESS, FIREWALLED));
            Supplier<Boolean> toOpen = questions.ask(() -> outside().reaches(open.address(), SERVED));
            Supplier<Boolean> toFirewalled = questions.ask(() -> outside().reaches(firewalled.address(), SERVED));
            Supplier<Boolean> outward = questions.ask(() -> open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE));
            List<Supplier<Boolean>> names = Stream.of("10.71.0.1", "fd00:71::1")
                    .flatMap(resolver -> Stream.of("+notcp", "+tcp")
                            .map(way -> questions.ask(() -> isAnswered(resolver, /* way= */ way, attempts))))
                    .toList();
            boolean advised = advice().isPresent();
            boolean marked = jnet.run("ports").orThrow().output().contains(", past ");
            assertThat(jnet.log().contains("publishes ports past"))
                    .as("named in the log")
                    .isEqualTo(marked);
            String named = yesIf(names.stream().allMatch(Supplier::get));
            return new Seen(
                    reached.get() ? (marked ? "yes, marked" : "yes") : (advised ? Seen.ADVISED : "no"),
                    yesIf(letIn.get()),
                    yesIf(toOpen.get() || toFirewalled.get()),
                    outward.get() ? "yes" : (advised ? "no, said at create" : "no"),
                    firewall.saysOfTheHost(open.bridge(), () -> open.reaches("10.71.0.1", SSH)),
                    named);
        }
    }

    private static String yesIf(boolean so) {
        return so ? "yes" : "no";
    }

    /** Whether the network's resolver tells a container that there is no such name. */
    private boolean isAnswered(String resolver, String way, int attempts) {
        return IntStream.range(0, attempts)
                .anyMatch(attempt -> open.execute(List.of("dig", way, "+tries=1", "+time=2", "@" + resolver, "nobody"))
                        .output()
                        .contains("status: NXDOMAIN"));
    }

    /** What the document says: where no answer must come, it is not waited for long. */
    private static boolean answersNames(FirewalledHost.Kind kind) throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .anyMatch(line -> line.startsWith("| " + kind.title() + " |") && line.endsWith("| yes |"));
    }

    /** Until a firewall has loaded its rules, it lets nothing new through. */
    private void awaitThat(Seen seen) {
        Eventually.holds(
                "as before the reload",
                PATIENCE,
                () -> outside().reaches(Lab.HOST_ADDRESS, OPEN) == seen.open().startsWith("yes")
                        && open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE)
                                == seen.out().equals("yes"));
    }

    /** The command that jnet has logged. */
    private Optional<String> advice() {
        Matcher advice =
                Pattern.compile("to let that through: (nft insert [^\n]*)").matcher(jnet.log());
        return advice.find() ? Optional.of(advice.group(1)) : Optional.empty();
    }

    private static void compare(FirewalledHost.Kind kind, String row) throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        if ("write".equals(System.getProperty("jnet.golden"))) {
            lines.replaceAll(line -> line.startsWith("| " + kind.title() + " |") ? row : line);
            Files.write(DOCUMENT, lines);
        }
        assertThat(lines).as("docs/firewalls.md").contains(row);
    }

    @Test
    void bridgesAreInAZoneOfAFirewalldThatComesLaterAndOfOneThatComesAgain() {
        FirewalledHost firewall = FirewalledHost.Kind.FIREWALLD.on(lab.host());
        startJnet();
        assertThat(open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE)).isTrue();
        firewall.start();
        Eventually.holds("out past a new firewalld", PATIENCE, () -> open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE));
        assertThat(lab.host().shell("firewall-cmd --zone=trusted --list-interfaces"))
                .contains(open.bridge(), firewalled.bridge());
        assertThat(outside().reaches(Lab.HOST_ADDRESS, FIREWALLED)).isFalse();

        firewall.stop();
        assertThat(open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE)).isTrue();
        firewall.start();
        Eventually.holds("out past firewalld again", PATIENCE, () -> open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE));

        open.remove();
        Eventually.holds("the bridge that is no more is in no zone", PATIENCE, () -> !lab.host()
                .shell("firewall-cmd --zone=trusted --list-interfaces")
                .contains(open.bridge()));
    }

    /** A connection through a bridge that was in no zone for a moment would have been refused. */
    @Test
    void bridgesOfAZoneOfTheOwnersFilesAreInItAsSoonAsFirewalldHasLoadedItsRules() {
        FirewalledHost firewall = FirewalledHost.Kind.FIREWALLD.on(lab.host());
        firewall.start();
        lab.host()
                .shell("firewall-cmd --permanent --new-zone=containers"
                        + " && firewall-cmd --permanent --zone=containers --set-target=ACCEPT"
                        + " && firewall-cmd --permanent --zone=containers --add-interface=jbr-+");
        firewall.reload();
        startJnet();
        assertThat(open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE)).isTrue();
        assertThat(jnet.log()).doesNotContain("cannot put bridges");
        assertThat(lab.host().shell("firewall-cmd --get-active-zones"))
                .as("the owner's zone has them, and no other one")
                .contains("interfaces: jbr-+")
                .doesNotContain(open.bridge());

        jnet.pause();
        try {
            firewall.reload();
            assertThat(open.reaches(Lab.OUTSIDE_ADDRESS, OUTSIDE))
                    .as("while the daemon stands still")
                    .isTrue();
        } finally {
            jnet.resume();
        }
    }

    /** Or the next bridge of that name would be let in where the owner's zone lets nobody in. */
    @Test
    void aBridgeStaysInTheZoneThatItsOwnerHasPutItInto() {
        FirewalledHost firewall = FirewalledHost.Kind.FIREWALLD.on(lab.host());
        firewall.start();
        startJnet();
        String zone = "firewall-cmd --zone=external --list-interfaces";
        lab.host().shell("firewall-cmd --zone=external --change-interface=" + open.bridge());
        String other = firewalled.bridge();
        open.remove();
        firewalled.remove();
        Eventually.holds("the other bridge is in no zone", PATIENCE, () -> !lab.host()
                .shell("firewall-cmd --zone=trusted --list-interfaces")
                .contains(other));
        assertThat(lab.host().shell(zone)).contains(open.bridge());
    }

    @Test
    void theHostsOwnerHasTheLastWord() {
        lab.host().shell("mkdir -p /etc/jnet && echo 'publish.policy = from=203.0.113.0/24' >/etc/jnet/jnet.conf");
        startJnet();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, OPEN)).isFalse();
        assertThat(Probe.on(lab.outside2()).reaches(Lab.HOST_SECOND_ADDRESS, OPEN))
                .isTrue();
        assertThat(jnet.json("network", "inspect", open.bridge().substring(4))
                        .at("/network/publishPolicy")
                        .asString())
                .isEqualTo("from=203.0.113.0/24");

        jnet.stop();
        lab.host().shell("echo 'publish.policy = open' >/etc/jnet/jnet.conf");
        jnet.startAgain();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, OPEN)).isTrue();

        jnet.stop();
        lab.host().shell("echo 'publish.policy = closed' >/etc/jnet/jnet.conf");
        CommandResult refused = jnet.run("daemon");
        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.everything()).contains("/etc/jnet/jnet.conf line 1: invalid publish.policy \"closed\"");
    }

    private void startJnet() {
        jnet = JnetDaemon.start(lab.host());
        open = container(71, "", OPEN);
        firewalled = container(72, "\"io.jnet.publish.policy\":\"firewalled\"", FIREWALLED);
    }

    private PluginContainer container(int number, String options, int port) {
        PluginContainer container = PluginContainer.start(lab.host(), jnet, number, options);
        container.serve(Servers.tellPeer(SERVED));
        container.publish(port, SERVED);
        Eventually.holds("a server in the container", PATIENCE, () -> container.reaches("127.0.0.1", SERVED));
        return container;
    }

    private Probe outside() {
        return Probe.on(lab.outside());
    }
}
