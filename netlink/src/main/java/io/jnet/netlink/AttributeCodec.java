package io.jnet.netlink;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Knows the bytes of one kind of attribute value, both ways.
 *
 * @param <T> the value in Java; unsigned integers in the next wider type
 */
public final class AttributeCodec<T> {
    public static final AttributeCodec<Integer> U8 = fixed(NetlinkReader::u8, NetlinkWriter::u8);
    public static final AttributeCodec<Integer> U16 = fixed(NetlinkReader::u16, NetlinkWriter::u16);
    public static final AttributeCodec<Long> U32 = fixed(NetlinkReader::u32, NetlinkWriter::u32);
    public static final AttributeCodec<Integer> S32 = fixed(NetlinkReader::s32, NetlinkWriter::s32);
    public static final AttributeCodec<Long> U64 = fixed(NetlinkReader::u64, NetlinkWriter::u64);
    /** Network byte order, as all of nfnetlink. */
    public static final AttributeCodec<Integer> U16_BIG = big(U16);

    public static final AttributeCodec<Long> U32_BIG = big(U32);
    public static final AttributeCodec<Integer> S32_BIG = big(S32);
    public static final AttributeCodec<Long> U64_BIG = big(U64);
    /** Text, written with a terminating zero ({@code NLA_NUL_STRING}). */
    public static final AttributeCodec<String> STRING = of(NetlinkReader::string, AttributeCodec::writeString);
    /** Text without a terminating zero: where the kernel counts it as content, and an empty text means "none". */
    public static final AttributeCodec<String> TEXT =
            of(NetlinkReader::string, (writer, value) -> writer.bytes(value.getBytes(StandardCharsets.UTF_8)));

    /** No value: being there is all (NLA_FLAG). */
    public static final AttributeCodec<Boolean> FLAG = of(reader -> true, (writer, value) -> {});

    public static final AttributeCodec<byte[]> BYTES = of(NetlinkReader::rest, NetlinkWriter::bytes);
    /** Attributes in an attribute, without NLA_F_NESTED: what rtnetlink takes from old times on. */
    public static final AttributeCodec<Attributes> NESTED =
            of(Attributes::read, (writer, value) -> value.write(writer));
    /** Attributes in an attribute, with NLA_F_NESTED, as nfnetlink wants it and strict rtnetlink policies do. */
    public static final AttributeCodec<Attributes> NESTED_FLAGGED =
            new AttributeCodec<>(NESTED.decode, NESTED.encode, false, 0x8000);

    private final Function<NetlinkReader, T> decode;
    private final BiConsumer<NetlinkWriter, T> encode;
    private final boolean wholeValue;
    private final int typeFlags;

    private AttributeCodec(
            Function<NetlinkReader, T> decode, BiConsumer<NetlinkWriter, T> encode, boolean wholeValue, int typeFlags) {
        this.decode = decode;
        this.encode = encode;
        this.wholeValue = wholeValue;
        this.typeFlags = typeFlags;
    }

    /** A codec whose decoder takes as many bytes as it wants: kernels may append to structs. */
    public static <T> AttributeCodec<T> of(Function<NetlinkReader, T> decode, BiConsumer<NetlinkWriter, T> encode) {
        return new AttributeCodec<>(decode, encode, false, 0);
    }

    /** A codec whose values always have the same length; bytes that are left over are an error. */
    public static <T> AttributeCodec<T> fixed(Function<NetlinkReader, T> decode, BiConsumer<NetlinkWriter, T> encode) {
        return new AttributeCodec<>(decode, encode, true, 0);
    }

    /** The same bytes as another Java type. An {@link IllegalArgumentException} of {@code decoder} is a malformed value. */
    public <U> AttributeCodec<U> map(Function<T, U> decoder, Function<U, T> encoder) {
        Function<NetlinkReader, U> mapped = reader -> decoder.apply(decode.apply(reader));
        return new AttributeCodec<>(
                mapped, (writer, value) -> encode.accept(writer, encoder.apply(value)), wholeValue, typeFlags);
    }

    T decode(NetlinkReader reader, String attribute) {
        T value;
        try {
            value = decode.apply(reader);
        } catch (IllegalArgumentException malformed) {
            reader.fail(String.valueOf(malformed.getMessage()));
            reader.finish(attribute);
            throw malformed;
        }
        if (wholeValue && reader.remaining() > 0) {
            reader.fail(reader.remaining() + " bytes too many");
        }
        reader.finish(attribute);
        return value;
    }

    RawAttribute encode(int type, T value) {
        NetlinkWriter writer = NetlinkWriter.create();
        encode.accept(writer, value);
        return new RawAttribute(type | typeFlags, writer.toBytes());
    }

    private static <T> AttributeCodec<T> big(AttributeCodec<T> codec) {
        // A view has a position of its own, so the reader's rest must be consumed for the length check:
        // part() does both.
        return new AttributeCodec<>(
                reader -> {
                    NetlinkReader whole = reader.part(reader.remaining()).withOrder(ByteOrder.BIG_ENDIAN);
                    T value = codec.decode.apply(whole);
                    if (whole.remaining() > 0) {
                        whole.fail(whole.remaining() + " bytes too many");
                    }
                    return value;
                },
                (writer, value) -> codec.encode.accept(writer.withOrder(ByteOrder.BIG_ENDIAN), value),
                true,
                0);
    }

    private static void writeString(NetlinkWriter writer, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        writer.bytes(Arrays.copyOf(text, text.length + 1));
    }
}
