package io.jnet.daemon.migrate;

import java.util.List;

/**
 * What becomes of one network.
 *
 * @param network its name
 * @param notes what a person has to know or do, a line each
 * @param commands what does it, word by word, in this order; empty where there is no command for it
 */
public record Migration(String network, List<String> notes, List<List<String>> commands) {
    public Migration {
        notes = List.copyOf(notes);
        commands = List.copyOf(commands);
    }

    /** The commands as a shell reads them. */
    public List<String> lines() {
        return commands.stream().map(ShellLine::of).toList();
    }
}
