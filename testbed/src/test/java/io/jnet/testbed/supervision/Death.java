package io.jnet.testbed.supervision;

import io.jnet.testbed.machine.Compiler;
import java.nio.file.Path;
import java.util.List;

/** Builds the tool {@code crash}, and gives what a command line has to begin with for the program to die at a step. */
public final class Death {
    private final Path program;

    private Death(Path program) {
        this.program = program;
    }

    /**
     * Compiles the tool.
     *
     * @param folder where it is put; machines must see it under the same path
     */
    public static Death build(Path folder) {
        return new Death(Compiler.compile(Death.class, "crash", folder, "supervisor.h"));
    }

    /** A program that dies before the step that {@code steps} says. */
    public List<String> at(CountedCalls steps) {
        return List.of(program.toString(), steps.file().toString());
    }
}
