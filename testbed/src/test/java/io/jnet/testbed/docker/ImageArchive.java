package io.jnet.testbed.docker;

import io.jnet.testbed.machine.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Images as {@code docker save} writes them, for runtimes on machines without Docker. */
public final class ImageArchive {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LAYER = "layer.tar";

    private ImageArchive() {}

    /**
     * Writes a tar file with images of the tests' one layer.
     *
     * @param archive the file
     * @param images the name of each image, and what its containers run unless they say something else
     */
    public static void write(Path archive, Map<String, List<String>> images) {
        Path layer = Images.archive();
        Path folder = Folders.temporary();
        try {
            Files.createSymbolicLink(folder.resolve(LAYER), layer);
            String digest = "sha256:" + sha256(layer);
            List<Map<String, Object>> manifest = images.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(image -> described(folder, image.getKey(), image.getValue(), digest))
                    .toList();
            Files.writeString(folder.resolve("manifest.json"), JSON.writeValueAsString(manifest));
            Images.execute(List.of(
                    "tar",
                    "--create",
                    "--dereference",
                    "--file",
                    archive.toString(),
                    "--directory",
                    folder.toString(),
                    "."));
        } catch (IOException e) {
            throw new UncheckedIOException("write " + archive, e);
        } finally {
            Folders.delete(folder);
        }
    }

    /** Writes an image's configuration (image-spec, config.md), and gives its entry of {@code manifest.json}. */
    private static Map<String, Object> described(Path folder, String name, List<String> command, String digest) {
        Map<String, Object> configuration = Map.of(
                "architecture",
                System.getProperty("os.arch").replace("aarch64", "arm64"),
                "os",
                "linux",
                "config",
                Map.of("Env", List.of("PATH=/bin"), "Cmd", command),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of(digest)));
        String file = name.replaceAll("[^a-z0-9]", "-") + ".json";
        try {
            Files.writeString(folder.resolve(file), JSON.writeValueAsString(configuration));
        } catch (IOException e) {
            throw new UncheckedIOException("describe image " + name, e);
        }
        return Map.of("Config", file, "RepoTags", List.of(name), "Layers", List.of(LAYER));
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
