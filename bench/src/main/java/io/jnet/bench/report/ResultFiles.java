package io.jnet.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The files that a run leaves. */
public final class ResultFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultFiles() {}

    /** Writes {@code NAME.md} and {@code NAME.json} into the folder, which is made when missing; gives the path of the former. */
    public static Path write(Path folder, String name, Map<String, String> circumstances, Findings findings) {
        Path markdown = folder.resolve(name + ".md");
        try {
            Files.createDirectories(folder);
            Files.writeString(markdown, Markdown.of(circumstances, findings));
            Files.writeString(
                    folder.resolve(name + ".json"),
                    JSON.writeValueAsString(Map.of("circumstances", circumstances, "findings", findings)));
        } catch (IOException e) {
            throw new UncheckedIOException("write results to " + folder, e);
        }
        return markdown;
    }
}
