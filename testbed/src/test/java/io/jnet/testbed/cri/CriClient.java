package io.jnet.testbed.cri;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ClientCalls;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A client of {@code runtime.v1.RuntimeService}, in the place of a kubelet. */
public final class CriClient implements AutoCloseable {
    private static final String SERVICE = "runtime.v1.RuntimeService";
    /** The kubelet's own limit is 2 minutes, and twice that for a new sandbox. */
    private static final int SECONDS = 60;
    /** containerd waits for a second, then for two, for four and so on. */
    private static final Duration PATIENCE = Duration.ofSeconds(SECONDS);

    private final EventLoopGroup events = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;
    private final String controlGroup;
    private final String image;

    /**
     * @param socket the service's Unix socket
     * @param controlGroup the parent of the pods' control groups
     * @param image what containers are made from
     */
    CriClient(Path socket, String controlGroup, String image) {
        this.controlGroup = controlGroup;
        this.image = image;
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .eventLoopGroup(events)
                .channelType(EpollDomainSocketChannel.class)
                // gRPC sets it on any channel, and a Unix socket does not have it.
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                // The path of a socket is none (RFC 3986, 3.2).
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
    }

    /** Whether the service has a CNI configuration: one of the conditions of its status. */
    public boolean networkReady() {
        return call("Status", Message.EMPTY).message(1).messages(1).stream()
                .anyMatch(condition -> condition.text(1).equals("NetworkReady") && condition.number(2) == 1);
    }

    /** The CNI configuration that new pods get, as JSON of containerd's own. */
    public String networkConfiguration() {
        return call("Status", Message.EMPTY.with(1, 1)).messages(2).stream()
                .filter(entry -> entry.text(1).equals("cniconfig"))
                .map(entry -> entry.text(2))
                .findFirst()
                .orElse("");
    }

    /** Makes a pod sandbox: the pause process and the network; gives its id. */
    public String runPod(Pod pod) {
        return call("RunPodSandbox", Message.EMPTY.with(1, pod.configuration(controlGroup)))
                .text(1);
    }

    /** What the service says of a sandbox. */
    public PodStatus podStatus(String sandbox) {
        Message status =
                call("PodSandboxStatus", Message.EMPTY.with(1, sandbox)).message(1);
        Message network = status.message(5);
        List<String> addresses = Stream.concat(Stream.of(network), network.messages(2).stream())
                .map(one -> one.text(1))
                .filter(address -> !address.isEmpty())
                .toList();
        return new PodStatus(status.number(3) == 0, addresses);
    }

    /** The ids of all sandboxes, whatever their state. */
    public List<String> pods() {
        return call("ListPodSandbox", Message.EMPTY).messages(1).stream()
                .map(sandbox -> sandbox.text(1))
                .toList();
    }

    /** Makes a container in a sandbox and starts it; gives its id. */
    public String startContainer(String sandbox, Pod pod, String name, String... command) {
        Message configuration =
                Message.EMPTY.with(1, Message.EMPTY.with(1, name)).with(2, Message.EMPTY.with(1, image));
        for (String word : command) {
            configuration = configuration.with(3, word);
        }
        Message request =
                Message.EMPTY.with(1, sandbox).with(2, configuration).with(3, pod.configuration(controlGroup));
        String container = call("CreateContainer", request).text(1);
        call("StartContainer", Message.EMPTY.with(1, container));
        return container;
    }

    /** Runs a command in a container to its end, of whatever status. */
    public CommandResult exec(String container, List<String> command) {
        Message request = Message.EMPTY.with(1, container).with(3, SECONDS);
        for (String word : command) {
            request = request.with(2, word);
        }
        Message answer = call("ExecSync", request);
        return new CommandResult(command, Math.toIntExact(answer.number(3)), answer.text(1), answer.text(2));
    }

    /** Ends the containers and takes the network away. */
    public void stopPod(String sandbox) {
        call("StopPodSandbox", Message.EMPTY.with(1, sandbox));
    }

    /**
     * Forgets a sandbox and its containers. Where containerd failed to take in that one has ended, it refuses this until
     * it has taken it in by another attempt of its own; the kubelet asks again, and so does this.
     */
    public void removePod(String sandbox) {
        Eventually.holds("containerd has taken in the end of each container", PATIENCE, () -> isRemoved(sandbox));
    }

    private boolean isRemoved(String sandbox) {
        try {
            call("RemovePodSandbox", Message.EMPTY.with(1, sandbox));
            return true;
        } catch (StatusRuntimeException e) {
            if (!String.valueOf(e.getMessage()).contains("container is still running, to stop first")) {
                throw e;
            }
            return false;
        }
    }

    private Message call(String method, Message request) {
        MethodDescriptor<Message, Message> descriptor = MethodDescriptor.<Message, Message>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, method))
                .setRequestMarshaller(Message.MARSHALLER)
                .setResponseMarshaller(Message.MARSHALLER)
                .build();
        return ClientCalls.blockingUnaryCall(
                channel, descriptor, CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS), request);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var ended = events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        ended.awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
    }
}
