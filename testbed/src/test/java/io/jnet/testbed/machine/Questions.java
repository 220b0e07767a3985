package io.jnet.testbed.machine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Questions that are asked beside each other, each on a thread of its own: most of their time is waiting. */
public final class Questions implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Asks; the answer can be had as soon as it is there. */
    public <T> Supplier<T> ask(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, threads)::join;
    }

    /** No more are asked. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
