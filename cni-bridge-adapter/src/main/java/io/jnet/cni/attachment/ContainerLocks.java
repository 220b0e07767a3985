package io.jnet.cni.attachment;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One call about a container at a time: a runtime whose patience ended sends the DEL while the ADD still runs, and some attach a container to
 * several networks at once. Containers share a number of locks, so that these need not be kept by container.
 */
final class ContainerLocks {
    private static final int NUMBER = 256;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(NUMBER).toArray(ReentrantLock[]::new);

    <T> T with(String containerId, Supplier<T> work) {
        ReentrantLock lock = locks[Math.floorMod(containerId.hashCode(), NUMBER)];
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
