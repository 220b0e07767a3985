package io.jnet.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the engine is handed is made of numbers and of text that means nothing to nft, a shell or a path, whatever it is put between: no
 * quote, brace, semicolon, white space, slash or line end, but for the slash of a prefix, and no {@code ..} alone.
 */
public final class PlainText {
    private static final String WORD = "[A-Za-z0-9_.-]{1,128}";

    private PlainText() {}

    /** Looks at a value and at everything that it is made of. */
    public static void check(Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(PlainText::check);
        } else if (value instanceof Collection<?> values) {
            values.forEach(PlainText::check);
        } else if (value instanceof String || value instanceof NetworkId) {
            assertThat(value.toString()).matches(WORD);
        } else if (value instanceof InterfaceName name) {
            assertThat(name.value()).matches("[A-Za-z0-9_.-]{1,15}").doesNotMatch("\\.{1,2}");
        } else if (value instanceof IpAddress || value instanceof IpPrefix || value instanceof MacAddress) {
            assertThat(value.toString()).matches("[0-9a-f.:]+(/[0-9]{1,3})?");
        } else if (value instanceof Record record) {
            components(record);
        } else {
            assertThat(value).isInstanceOfAny(Enum.class, Boolean.class, Integer.class, Long.class, OptionalInt.class);
        }
    }

    private static void components(Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                check(component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.toString(), e);
            }
        }
    }
}
