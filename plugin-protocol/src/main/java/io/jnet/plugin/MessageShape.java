package io.jnet.plugin;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * What a message may be made of. A few bytes of text can be an object of a hundred, and its reader keeps every name that it meets; so the number of
 * values and of names is limited, not only that of bytes.
 */
final class MessageShape {
    /** {@code -p 1-65535:1-65535} makes 1.3 million tokens. */
    private static final long MOST_TOKENS = 1_500_000;

    private static final int MOST_NAMES = 10_000;
    private static final int LONGEST_TEXT = 1024 * 1024;
    private static final int DEEPEST = 200;
    /** So many bytes cannot be too many names. */
    private static final int SMALL = 32 * 1024;

    static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxTokenCount(MOST_TOKENS)
            .maxStringLength(LONGEST_TEXT)
            .maxNestingDepth(DEEPEST)
            .build();

    /** Keeps no name. */
    private static final JsonFactory PASSING = JsonFactory.builder()
            .streamReadConstraints(CONSTRAINTS)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .build();

    private MessageShape() {}

    /**
     * Passes over a message.
     *
     * @throws ProtocolException when an object of it has too many names
     * @throws tools.jackson.core.JacksonException when it is no JSON, or has too much of something else
     */
    static void check(byte[] body) {
        if (body.length <= SMALL) {
            return;
        }
        int[] names = new int[DEEPEST + 2];
        int depth = 0;
        try (JsonParser parser = PASSING.createParser(ObjectReadContext.empty(), body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isStructStart()) {
                    depth++;
                    names[depth] = 0;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.PROPERTY_NAME && ++names[depth] > MOST_NAMES) {
                    throw new ProtocolException("invalid request: an object has more than " + MOST_NAMES + " names");
                }
            }
        }
    }
}
