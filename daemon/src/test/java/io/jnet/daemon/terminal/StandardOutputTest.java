package io.jnet.daemon.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    @Test
    void writesUtf8() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        StandardOutput out = new StandardOutput(written, true);
        out.print("größer");
        assertThat(out.checkError()).isFalse();
        assertThat(out.problem()).isEmpty();
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("größer");
    }

    @Test
    void knowsWhyItCannotBeWritten() {
        StandardOutput out = refusing("No space left on device", false);
        out.print("text");
        assertThat(out.checkError()).isTrue();
        assertThat(out.problem()).contains("No space left on device");
    }

    @Test
    void aReaderThatHasEndedIsNoProblem() {
        StandardOutput out = refusing("whatever that is called here", true);
        out.print("text");
        assertThat(out.checkError()).isTrue();
        assertThat(out.problem()).isEmpty();
    }

    private static StandardOutput refusing(String reason, boolean hasReader) {
        OutputStream stream = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException(reason);
            }
        };
        return new StandardOutput(stream, hasReader);
    }
}
