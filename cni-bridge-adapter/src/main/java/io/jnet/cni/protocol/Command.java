package io.jnet.cni.protocol;

import io.jnet.engine.failure.Printable;

/** What a runtime asks for: {@code CNI_COMMAND} (spec 1.1.0, section 2). */
public enum Command {
    ADD,
    DEL,
    CHECK,
    GC,
    STATUS;

    /**
     * @throws CniException with {@link CniCode#BAD_ENVIRONMENT} for any other text
     */
    static Command parse(String text) {
        for (Command command : values()) {
            if (command.name().equals(text)) {
                return command;
            }
        }
        throw CniException.environment("unknown CNI_COMMAND \"" + Printable.of(text) + "\"");
    }

    /** Whether the command is about one interface of one container. */
    public boolean isOfAttachment() {
        return this == ADD || this == DEL || this == CHECK;
    }
}
