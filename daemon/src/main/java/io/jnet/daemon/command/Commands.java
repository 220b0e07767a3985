package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.socket.SocketUnavailableException;
import io.jnet.daemon.terminal.Plain;
import io.jnet.daemon.terminal.StandardOutput;
import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.nftables.NftablesException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** All commands, and their exit status. */
@Command(
        name = "jnet",
        description =
                "Container networks: the daemon behind \"docker network create -d jnet\", and commands that ask it.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Commands implements Runnable {
    private static final int SUCCESS = 0;
    private static final int FAILURE = 1;
    private static final int USAGE = 2;

    @Spec
    private CommandSpec spec;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Print this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on its being there
    private boolean help;

    @CommandLine.Option(names = "--version", versionHelp = true, description = "Print the version.")
    @SuppressWarnings("UnusedVariable")
    private boolean version;

    private Commands() {}

    /**
     * Runs a command line to its end.
     *
     * @param context the streams and the environment
     * @param backend opens the backend of a state folder, for {@code jnet daemon}
     * @return the exit status
     */
    public static int run(CommandContext context, Backend.Opener backend, String... arguments) {
        CommandLine line = new CommandLine(new Commands(), new CommandFactory(context));
        addCommands(line, context, backend, arguments);
        line.setExecutionStrategy(Commands::execute);
        line.setOut(context.out()).setErr(context.err());
        line.setParameterExceptionHandler((wrong, given) -> usage(context, wrong.getCommandLine(), wrong.getMessage()));
        line.setExecutionExceptionHandler((failed, command, parsed) -> failed instanceof WrongUsageException wrong
                ? usage(context, command, wrong.getMessage())
                : failure(context, failed));
        int status = line.execute(arguments);
        if (!context.out().checkError()) {
            return status;
        }
        if (context.out() instanceof StandardOutput output) {
            output.problem().ifPresent(reason -> context.err().println("jnet: cannot write its output: " + reason));
        }
        return status == SUCCESS ? FAILURE : status;
    }

    /** {@code jnet} alone. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }

    /** Adds the command that is called, or all when help, an error message or completion needs them: reading one takes 10 ms of a start. */
    private static void addCommands(
            CommandLine line, CommandContext context, Backend.Opener backend, String... arguments) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("daemon", () -> new DaemonCommand(backend, context));
        commands.put("network", NetworkCommand::new);
        commands.put("endpoint", EndpointCommand::new);
        commands.put("ports", () -> new PortsCommand(context));
        commands.put("port", () -> new PortCommand(context));
        commands.put("publish", PublishCommand::new);
        commands.put("attach", () -> new AttachCommand(context));
        commands.put("detach", () -> new DetachCommand(context));
        commands.put("ipam", IpamCommand::new);
        commands.put("status", () -> new StatusCommand(context));
        commands.put("doctor", () -> new DoctorCommand(context));
        commands.put("trace", () -> new TraceCommand(context));
        commands.put("debug", DebugCommand::new);
        commands.put("metrics", () -> new MetricsCommand(context));
        commands.put("prune", () -> new PruneCommand(context));
        commands.put("migrate", () -> new MigrateCommand(context));
        commands.put("adopt", () -> new AdoptCommand(context));
        commands.put("clean", () -> new CleanCommand(context));
        commands.put("state", StateCommand::new);
        commands.put("install", () -> new InstallCommand(context));
        commands.put("uninstall", () -> new UninstallCommand(context));
        commands.put("cni", () -> new CniCommand(backend, context));
        commands.put(CompletionCommand.NAME, () -> new CompletionCommand(context));
        if (arguments.length > 0 && !arguments[0].equals(CompletionCommand.NAME)) {
            commands.keySet().removeIf(name -> commands.containsKey(arguments[0]) && !name.equals(arguments[0]));
        }
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
    }

    private static int execute(ParseResult parsed) {
        requireNoneEmpty(parsed);
        return new CommandLine.RunLast().execute(parsed);
    }

    /** No argument means anything when it is empty, as a variable of a script is that was not set; a path without it means something else. */
    private static void requireNoneEmpty(ParseResult parsed) {
        for (ArgSpec argument : parsed.matchedArgs()) {
            if (!argument.hidden() && argument.originalStringValues().contains("")) {
                String name = argument instanceof OptionSpec option
                        ? "option '" + option.longestName() + "'"
                        : "parameter '" + argument.paramLabel() + "'";
                throw new ParameterException(
                        parsed.commandSpec().commandLine(), "Invalid value for " + name + ": it is empty");
            }
        }
        if (parsed.hasSubcommand()) {
            requireNoneEmpty(parsed.subcommand());
        }
    }

    private static int usage(CommandContext context, CommandLine command, String wrong) {
        String name = command.getCommandSpec().qualifiedName();
        context.err().println("jnet: " + oneLine(wrong) + "; see \"" + name + " --help\"");
        return USAGE;
    }

    private static int failure(CommandContext context, Exception failed) {
        boolean expected = failed instanceof ClientException
                || failed instanceof EngineException
                || failed instanceof HostException
                || failed instanceof SocketUnavailableException
                || failed instanceof KernelException
                || failed instanceof NftablesException;
        if (!expected) {
            Logger log = LoggerFactory.getLogger(Commands.class);
            log.atError().setCause(failed).log("unexpected failure");
        }
        context.err().println("jnet: " + oneLine(String.valueOf(failed.getMessage())));
        return FAILURE;
    }

    private static String oneLine(String message) {
        return Plain.line(message.replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }
}
