package io.jnet.daemon.command;

import java.util.ArrayList;
import java.util.List;

/** What a command has done: told line by line while it does it, or as JSON in the end. */
final class Progress {
    private final CommandContext context;
    private final boolean json;
    private final List<String> done = new ArrayList<>();

    Progress(CommandContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    /**
     * All that was done, as JSON.
     *
     * @param done a line each
     */
    private record Report(List<String> done) {}

    void tell(List<String> lines) {
        done.addAll(lines);
        if (!json) {
            lines.forEach(context.out()::println);
            context.out().flush();
        }
    }

    void end() {
        if (json) {
            context.printJson(new Report(done));
        }
    }
}
