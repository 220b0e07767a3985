package io.jnet.daemon.command;

import io.jnet.daemon.socket.ListenAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of {@code --metrics-listen}. */
final class ListenOption implements ITypeConverter<ListenAddress> {
    @Override
    public ListenAddress convert(String value) {
        try {
            return ListenAddress.parse(value);
        } catch (IllegalArgumentException invalid) {
            throw new TypeConversionException(invalid.getMessage());
        }
    }
}
