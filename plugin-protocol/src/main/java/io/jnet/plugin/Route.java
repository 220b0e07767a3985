package io.jnet.plugin;

import java.util.function.Function;

/**
 * One method of the protocol.
 *
 * @param path the path that dockerd posts to
 * @param call reads the request from a body, does the work, gives the answer
 */
public record Route(String path, Call call) {

    /** What a method does with a body. */
    @FunctionalInterface
    public interface Call {
        Object answer(MessageCodec codec, byte[] body);
    }

    /** A method whose request is a message of {@code type}. */
    public static <T> Route of(String path, Class<T> type, Function<T, Object> handler) {
        return new Route(path, (codec, body) -> handler.apply(codec.read(body, type)));
    }

    /** A method whose request is empty, or not looked at. */
    public static Route constant(String path, Object answer) {
        return new Route(path, (codec, body) -> answer);
    }
}
