package io.jnet.daemon.command;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands, giving the streams and the environment to those that want them. */
final class CommandFactory implements IFactory {
    private final CommandContext context;

    CommandFactory(CommandContext context) {
        this.context = context;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        if (Query.class.isAssignableFrom(type) || type.getEnclosingClass() == CniCommand.class) {
            return type.getDeclaredConstructor(CommandContext.class).newInstance(context);
        }
        return CommandLine.defaultFactory().create(type);
    }
}
