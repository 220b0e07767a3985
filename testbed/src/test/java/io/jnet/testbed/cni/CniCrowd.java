package io.jnet.testbed.cni;

import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Containers of a CNI runtime, {@code c0} and so on, each a namespace, about which calls are made at the same time.
 *
 * @param machine where they are
 * @param size how many
 */
public record CniCrowd(Machine machine, int size) implements AutoCloseable {

    /** Makes the namespaces, with their loopback up as runtimes do it. */
    public static CniCrowd of(Machine machine, int size) {
        machine.shell(
                "for i in $(seq 0 %d); do ip netns add c$i && ip -n c$i link set lo up; done".formatted(size - 1));
        return new CniCrowd(machine, size);
    }

    /**
     * Makes a call about each container and waits for all answers.
     *
     * @param atATime how many at once
     * @param call the call about a container, by its number
     */
    public List<CniCall.Answer> all(int atATime, Function<Integer, CniCall> call) {
        ExecutorService callers = Executors.newFixedThreadPool(atATime);
        try {
            List<Callable<CniCall.Answer>> work = IntStream.range(0, size)
                    .mapToObj(number ->
                            (Callable<CniCall.Answer>) () -> call.apply(number).run(machine))
                    .toList();
            List<CniCall.Answer> answers = new ArrayList<>();
            for (Future<CniCall.Answer> answer : callers.invokeAll(work)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            callers.shutdownNow();
        }
    }

    /** The name of a container. */
    public static String name(int number) {
        return "c" + number;
    }

    /** The first address of a result, without its length. */
    public static String address(JsonNode result) {
        return result.at("/ips/0/address").asString().replaceFirst("/.*", "");
    }

    @Override
    public void close() {
        machine.shell("for i in $(seq 0 %d); do ip netns delete c$i || true; done".formatted(size - 1));
    }
}
