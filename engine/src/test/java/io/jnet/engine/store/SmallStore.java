package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/** Stores that are soon full. */
public final class SmallStore {
    private static final long BYTES = 4L << 20;

    private SmallStore() {}

    /** Opens a state that may have 4 MiB. */
    public static StateStore open(Path directory, String namespace) {
        return StateStore.open(directory, namespace, StateFormat.OF_THIS_VERSION, BYTES);
    }

    /** Adds records of one length until they are refused; how many there were. */
    public static int fill(StateStore store, int length) {
        return untilFull(i -> store.write(state -> {
            state.table(SideTable.POOL).put(key(i), new byte[length]);
            return i;
        }));
    }

    /** Removes one of those records. */
    public static void remove(StateStore store, int number) {
        store.write(state -> state.table(SideTable.POOL).remove(key(number)));
    }

    /** Does something again and again until it is refused because the state is full; how often it was not. */
    public static int untilFull(IntConsumer addition) {
        for (int i = 0; ; i++) {
            try {
                addition.accept(i);
            } catch (EngineException full) {
                if (full.code() != ErrorCode.EXHAUSTED || !full.getMessage().contains("MiB are in use: remove what")) {
                    throw full;
                }
                return i;
            }
        }
    }

    private static byte[] key(int number) {
        return ("key " + number).getBytes(UTF_8);
    }
}
