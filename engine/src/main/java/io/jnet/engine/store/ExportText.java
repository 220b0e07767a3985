package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;

/** Keys and records that are no JSON, as text: printable ASCII as it is, any other byte and the percent sign as in URLs, so that nothing is lost. */
final class ExportText {
    private static final HexFormat HEX = HexFormat.of();

    private ExportText() {}

    static String of(byte[] bytes) {
        boolean plain = true;
        for (byte one : bytes) {
            plain &= isPlain(one);
        }
        return plain ? new String(bytes, US_ASCII) : escaped(bytes);
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            if (isPlain(one)) {
                text.append((char) one);
            } else {
                text.append('%').append(HEX.toHexDigits(one));
            }
        }
        return text.toString();
    }

    private static boolean isPlain(byte one) {
        return one >= ' ' && one <= '~' && one != '%';
    }
}
