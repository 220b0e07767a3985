package io.jnet.testbed.cri;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A message of protocol buffers: what its fields mean is known to who asks for their numbers. A field that is absent is empty, or 0, as
 * in proto3.
 *
 * @param fields the fields, without their types
 */
record Message(UnknownFieldSet fields) {
    static final Message EMPTY = new Message(UnknownFieldSet.getDefaultInstance());

    /** Reads and writes the bytes for gRPC. */
    static final MethodDescriptor.Marshaller<Message> MARSHALLER = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Message message) {
            return message.fields.toByteString().newInput();
        }

        @Override
        public Message parse(InputStream stream) {
            try {
                return new Message(UnknownFieldSet.parseFrom(stream));
            } catch (IOException e) {
                throw new UncheckedIOException("read a message", e);
            }
        }
    };

    /** This message with one more text in a field, which may be a repeated one. */
    Message with(int number, String value) {
        return with(number, ByteString.copyFromUtf8(value));
    }

    /** This message with one more message in a field, which may be a repeated one. */
    Message with(int number, Message value) {
        return with(number, value.fields.toByteString());
    }

    /** This message with a number in a field. */
    Message with(int number, long value) {
        return with(number, Field.newBuilder().addVarint(value).build());
    }

    private Message with(int number, ByteString value) {
        return with(number, Field.newBuilder().addLengthDelimited(value).build());
    }

    private Message with(int number, Field value) {
        return new Message(fields.toBuilder().mergeField(number, value).build());
    }

    /** The text of a field. */
    String text(int number) {
        return last(number).toStringUtf8();
    }

    /** The message of a field. */
    Message message(int number) {
        return parsed(last(number));
    }

    /** The messages of a repeated field. */
    List<Message> messages(int number) {
        return fields.getField(number).getLengthDelimitedList().stream()
                .map(Message::parsed)
                .toList();
    }

    /** The number of a field; 1 is true. */
    long number(int number) {
        List<Long> values = fields.getField(number).getVarintList();
        return values.isEmpty() ? 0 : values.get(values.size() - 1);
    }

    private ByteString last(int number) {
        List<ByteString> values = fields.getField(number).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.get(values.size() - 1);
    }

    private static Message parsed(ByteString bytes) {
        try {
            return new Message(UnknownFieldSet.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException("read a message in a field", e);
        }
    }
}
