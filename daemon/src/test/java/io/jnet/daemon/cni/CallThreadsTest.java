package io.jnet.daemon.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallThreadsTest {
    private static final int THREADS = 4;
    private static final int WAITING = 2;

    private final ExecutorService calls = CallThreads.pool(THREADS, WAITING, "test-call");

    @AfterEach
    void end() throws InterruptedException {
        calls.shutdown();
        assertThat(calls.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void callsThatComeOneAfterTheOtherNeedFewThreads() throws Exception {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 50; i++) {
            calls.submit(() -> seen.add(Thread.currentThread())).get(20, TimeUnit.SECONDS);
            // The thread waits again a moment after it has answered.
            while (seen.stream().noneMatch(CallThreadsTest::waits)) {
                Thread.onSpinWait();
            }
        }
        assertThat(seen).hasSize(1);
    }

    @Test
    void callsThatComeTogetherRunTogether() throws Exception {
        CountDownLatch all = new CountDownLatch(THREADS);
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            answers.add(calls.submit(() -> {
                all.countDown();
                return all.await(20, TimeUnit.SECONDS);
            }));
        }
        for (Future<Boolean> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void moreWaitAndThenWhoBringsThem() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < THREADS + WAITING; i++) {
            answers.add(calls.submit(() -> end.await(20, TimeUnit.SECONDS)));
        }
        CountDownLatch last = new CountDownLatch(1);
        Thread bringer = new Thread(() -> calls.execute(last::countDown));
        bringer.start();
        while (bringer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(last.getCount()).isOne();
        end.countDown();
        for (Future<Boolean> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
        bringer.join();
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }
}
