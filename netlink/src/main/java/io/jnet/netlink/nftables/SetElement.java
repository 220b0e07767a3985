package io.jnet.netlink.nftables;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An element of a set or map. Two forms: {@link #text()} for nft, and bytes for {@link SetElementTransaction}.
 *
 * @param set the name of the set or map
 * @param key the fields of the key; several make a concatenation
 * @param data the fields that a map leads to; none for a set
 */
public record SetElement(String set, List<ElementField> key, List<ElementField> data) {
    /** Fields of a concatenation begin at registers of 32 bits (include/net/netfilter/nf_tables.h, NFT_REG32_SIZE). */
    private static final int REGISTER = 4;

    /**
     * @throws IllegalArgumentException without a key, or with an interval as data
     */
    public SetElement {
        key = List.copyOf(key);
        data = List.copyOf(data);
        if (key.isEmpty()) {
            throw new IllegalArgumentException("element of " + set + " has no key");
        }
        if (data.stream().anyMatch(ElementField::isInterval)) {
            throw new IllegalArgumentException("element of " + set + " leads to an interval");
        }
    }

    /** An element of a set. */
    public static SetElement of(String set, ElementField... key) {
        return new SetElement(set, List.of(key), List.of());
    }

    /** The element as nft(8) writes it: {@code 6 . 8080 : 10.77.0.2 . 80}. */
    public String text() {
        return data.isEmpty() ? concatenation(key) : concatenation(key) + " : " + concatenation(data);
    }

    /** Whether a field of the key is an interval. */
    public boolean isInterval() {
        return key.stream().anyMatch(ElementField::isInterval);
    }

    /** What the kernel keeps for this element: one entry, or two for an interval of a single field. */
    public List<SetEntry> entries() {
        return ElementCodec.entries(this);
    }

    byte[] firstKey() {
        return bytes(key, ElementField::first);
    }

    byte[] lastKey() {
        return bytes(key, ElementField::last);
    }

    byte[] dataBytes() {
        return bytes(data, ElementField::first);
    }

    private static String concatenation(List<ElementField> fields) {
        return fields.stream().map(ElementField::text).collect(Collectors.joining(" . "));
    }

    private static byte[] bytes(List<ElementField> fields, Function<ElementField, byte[]> value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ElementField field : fields) {
            bytes.writeBytes(value.apply(field));
            while (fields.size() > 1 && bytes.size() % REGISTER != 0) {
                bytes.write(0);
            }
        }
        return bytes.toByteArray();
    }
}
