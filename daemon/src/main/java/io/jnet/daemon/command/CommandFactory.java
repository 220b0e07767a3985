package io.jnet.daemon.command;

import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands, giving the streams and the environment to those that want them. */
final class CommandFactory implements IFactory {
    /** Whose commands are no questions, and still want the streams. */
    private static final Set<Class<?>> GROUPS = Set.of(CniCommand.class, DebugCommand.class, StateCommand.class);

    private final CommandContext context;

    CommandFactory(CommandContext context) {
        this.context = context;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        boolean wantsContext = Query.class.isAssignableFrom(type)
                || (type.getEnclosingClass() != null && GROUPS.contains(type.getEnclosingClass()));
        if (wantsContext) {
            return type.getDeclaredConstructor(CommandContext.class).newInstance(context);
        }
        return CommandLine.defaultFactory().create(type);
    }
}
