package io.jnet.driver;

import io.jnet.driver.protocol.MessageCodec;
import java.util.function.Function;

/**
 * One method of the protocol.
 *
 * @param path the path that dockerd posts to
 * @param call reads the request from a body, does the work, gives the answer
 */
record Route(String path, Call call) {

    /** What a method does with a body. */
    @FunctionalInterface
    interface Call {
        Object answer(MessageCodec codec, byte[] body);
    }

    /** A method whose request is a message of {@code type}. */
    static <T> Route of(String path, Class<T> type, Function<T, Object> handler) {
        return new Route(path, (codec, body) -> handler.apply(codec.read(body, type)));
    }

    /** A method whose request is empty, or not looked at. */
    static Route constant(String path, Object answer) {
        return new Route(path, (codec, body) -> answer);
    }
}
