package io.jnet.daemon.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code jnet completion}. */
@Command(
        name = CompletionCommand.NAME,
        description = "Print what has bash and zsh complete jnet's commands: source <(jnet completion)")
final class CompletionCommand implements Callable<Integer> {
    static final String NAME = "completion";

    private final CommandContext context;

    @Spec
    private CommandSpec spec;

    CompletionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.out().print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        return 0;
    }
}
