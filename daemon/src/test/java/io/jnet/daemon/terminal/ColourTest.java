package io.jnet.daemon.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ColourTest {
    /** What picocli looks at before it looks for a terminal. */
    private static final String PROPERTY = "picocli.ansi";

    @AfterEach
    void asItIs() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void onlyATerminalGetsColours() {
        assertThat(Colour.BAD.of("error")).as("no terminal").isEqualTo("error");
        System.setProperty(PROPERTY, "true");
        assertThat(Colour.BAD.of("error")).isEqualTo("\u001b[31merror\u001b[0m");
    }

    @Test
    void columnsStandWhereTheyStoodWithoutColours() {
        String plain = table();
        System.setProperty(PROPERTY, "true");
        assertThat(table()).isNotEqualTo(plain);
        assertThat(table().replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void whatOthersCallTheirThingsDoesNotActOnATerminal() {
        Table table = new Table("NAME");
        table.row("größer\u001b[2J\nfake\u009b");
        Facts facts = new Facts();
        facts.add("name", "a\u001bb\tc");
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out));
        facts.print(new PrintWriter(out));
        assertThat(out).hasToString("NAME\ngrößer?[2J?fake?\nname:  a?b?c\n");
    }

    private static String table() {
        Table table = new Table("NAME", "ID");
        table.row("a longer one", "1");
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out));
        return out.toString();
    }
}
