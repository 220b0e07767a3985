package io.jnet.netlink;

/**
 * The declaration of an attribute, as data: {@code Attribute<Long> MTU = Attribute.of(4, "IFLA_MTU", AttributeCodec.U32)}.
 *
 * @param number the type on the wire
 * @param kernelName the constant's name in the kernel's headers
 * @param codec the bytes of the value
 * @param <T> the value
 */
public record Attribute<T>(int number, String kernelName, AttributeCodec<T> codec) {

    /** Declares an attribute. */
    public static <T> Attribute<T> of(int number, String kernelName, AttributeCodec<T> codec) {
        return new Attribute<>(number, kernelName, codec);
    }

    RawAttribute encode(T value) {
        return codec.encode(number, value);
    }

    /**
     * @throws NetlinkException when the value is malformed, with the kernel's name
     */
    T decode(RawAttribute raw) {
        return codec.decode(raw.reader(), kernelName);
    }

    @Override
    public String toString() {
        return kernelName;
    }
}
