package io.jnet.dns.answer;

import io.jnet.dns.message.WireName;
import java.nio.ByteBuffer;

/** What comes of a question here. */
public sealed interface Outcome {
    /** It is answered. */
    record Answered(ByteBuffer message) implements Outcome {}

    /**
     * Others are to be asked.
     *
     * @param name for this name
     * @param aliases how the question's name leads to it
     */
    record Others(WireName name, Aliases aliases) implements Outcome {}
}
