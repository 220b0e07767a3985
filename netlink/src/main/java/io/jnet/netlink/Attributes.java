package io.jnet.netlink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a message or of a nest, in their order on the wire. Immutable. Holds the bytes of all of them, declared or not, so
 * that what was read is written back unchanged; values are decoded when asked for.
 *
 * @param list every attribute
 */
public record Attributes(List<RawAttribute> list) {
    private static final Attributes NONE = new Attributes(List.of());

    /** Copies the list. */
    public Attributes {
        list = List.copyOf(list);
    }

    /** No attribute. */
    public static Attributes none() {
        return NONE;
    }

    /** Starts with one attribute; {@link #with} adds more. */
    public static <T> Attributes of(Attribute<T> attribute, T value) {
        return NONE.with(attribute, value);
    }

    /** Reads attributes up to the reader's end; the reader keeps the error, if there is one. */
    public static Attributes read(NetlinkReader reader) {
        List<RawAttribute> list = new ArrayList<>();
        while (reader.remaining() > 0) {
            list.add(RawAttribute.read(reader));
        }
        return new Attributes(list);
    }

    /** These and one more at the end; an attribute may occur several times (nested lists do). */
    public <T> Attributes with(Attribute<T> attribute, T value) {
        return with(attribute.encode(value));
    }

    /** These and one more at the end, when there is a value. */
    public <T> Attributes with(Attribute<T> attribute, Optional<? extends T> value) {
        return value.isPresent() ? with(attribute, value.get()) : this;
    }

    /** These and one more at the end for each value: the elements of a nested list. */
    public <T> Attributes withEach(Attribute<T> attribute, Collection<? extends T> values) {
        List<RawAttribute> more = new ArrayList<>(list);
        values.forEach(value -> more.add(attribute.encode(value)));
        return new Attributes(more);
    }

    /** These and one more at the end. */
    public Attributes with(RawAttribute attribute) {
        List<RawAttribute> more = new ArrayList<>(list);
        more.add(attribute);
        return new Attributes(more);
    }

    /**
     * The value of the first such attribute.
     *
     * @throws NetlinkException when its bytes are malformed
     */
    public <T> Optional<T> get(Attribute<T> attribute) {
        for (RawAttribute raw : list) {
            if (raw.type() == attribute.number()) {
                return Optional.of(attribute.decode(raw));
            }
        }
        return Optional.empty();
    }

    /**
     * The values of all such attributes.
     *
     * @throws NetlinkException when one is malformed
     */
    public <T> List<T> all(Attribute<T> attribute) {
        List<T> values = new ArrayList<>();
        for (RawAttribute raw : list) {
            if (raw.type() == attribute.number()) {
                values.add(attribute.decode(raw));
            }
        }
        return values;
    }

    /** Whether there is such an attribute. */
    public boolean has(Attribute<?> attribute) {
        return list.stream().anyMatch(raw -> raw.type() == attribute.number());
    }

    /** Writes all of them, padded. */
    public void write(NetlinkWriter writer) {
        list.forEach(attribute -> attribute.write(writer));
    }
}
