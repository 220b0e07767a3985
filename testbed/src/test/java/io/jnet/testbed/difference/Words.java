package io.jnet.testbed.difference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What stands in the place of texts that differ from host to host by nature: names and MAC addresses that are drawn at random, and what follows from them. */
final class Words {
    /** A link-local address, which the kernel makes of the MAC address (RFC 4291 appendix A). */
    private static final Pattern LINK_LOCAL = Pattern.compile("fe80::[0-9a-f]+:[0-9a-f:]+");

    private final Map<String, String> words = new LinkedHashMap<>();

    /** A word for a text. */
    void put(String text, String word) {
        words.put(text, word);
    }

    /** A text with the words in the place of what they stand for. */
    String in(String text) {
        String replaced = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            replaced = replaced.replace(word.getKey(), word.getValue());
        }
        return LINK_LOCAL.matcher(replaced).replaceAll("link-local");
    }
}
