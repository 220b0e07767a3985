package io.jnet.engine.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Txn;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole state, as one transaction sees it, as one JSON document. Tables and records are written as the file has them and not as this version
 * understands them: so nothing is left out that another version has put there. The same state gives the same bytes, all of them ASCII. Nothing
 * is collected in memory, since a state may be larger than what a daemon has of it. Valid only inside the call that handed it out.
 */
public final class StateExport {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            // What breaks off must not look as if it were complete.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private final SortedMap<String, Dbi<byte[]>> tables = new TreeMap<>();
    private final StateIdentity identity;
    private final Txn<byte[]> txn;

    StateExport(List<Dbi<byte[]>> tables, Txn<byte[]> txn) {
        this.txn = txn;
        tables.forEach(table -> this.tables.put(ExportText.of(table.getName()), table));
        identity = Optional.ofNullable(this.tables.get(Tables.META))
                .flatMap(meta -> StateTransaction.identity(meta, txn))
                .orElse(StateTransaction.NONE);
    }

    /**
     * Writes the document, and a line feed after it; leaves {@code out} open.
     *
     * @throws IOException when {@code out} does
     */
    public void writeTo(OutputStream out) throws IOException {
        try (JsonGenerator json = MAPPER.writerWithDefaultPrettyPrinter().createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberProperty("format", identity.format());
            json.writeStringProperty("instance", identity.instance());
            json.writeStringProperty("namespace", identity.namespace());
            json.writeObjectPropertyStart("tables");
            for (Map.Entry<String, Dbi<byte[]>> table : tables.entrySet()) {
                json.writeObjectPropertyStart(table.getKey());
                writeRecords(json, table.getValue());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private void writeRecords(JsonGenerator json, Dbi<byte[]> table) {
        try (CursorIterable<byte[]> records = table.iterate(txn)) {
            for (CursorIterable.KeyVal<byte[]> entry : records) {
                json.writeName(ExportText.of(entry.key()));
                Optional<JsonNode> structure = structure(entry.val());
                if (structure.isPresent()) {
                    json.writeTree(structure.get());
                } else {
                    json.writeString(ExportText.of(entry.val()));
                }
            }
        }
    }

    /** What most records are; the others are addresses and names. */
    private static Optional<JsonNode> structure(byte[] record) {
        if (record.length == 0 || record[0] != '{') {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readTree(record));
        } catch (JacksonException damaged) {
            return Optional.empty();
        }
    }
}
