package io.jnet.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/doctor.md} lists every check. Run with {@code -Dsurefire.jvm.args=-Djnet.golden=write} after a change. */
class DoctorDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "doctor.md");
    private static final String MARKER = "<!-- DoctorDocumentTest writes what follows -->\n";

    @Test
    void theDocumentationListsEachCheck() throws IOException {
        String text = Files.readString(DOCUMENT);
        String before = text.substring(0, text.indexOf(MARKER) + MARKER.length());
        String list = Checks.all().stream()
                .sorted(Comparator.comparing(Check::severity))
                .map(check -> "\n### %s (%s)\n\nWhen %s. Then %s.\n\nMend: %s.\n"
                        .formatted(check.id(), check.severity().text(), check.when(), check.why(), check.cure()))
                .collect(Collectors.joining());
        if ("write".equals(System.getProperty("jnet.golden"))) {
            Files.writeString(DOCUMENT, before + list);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(before + list);
    }

    @Test
    void eachCheckHasANameOfItsOwn() {
        assertThat(Checks.all()).extracting(Check::id).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z-]+"));
    }
}
