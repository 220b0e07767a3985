package io.jnet.testbed.cri;

import java.util.List;

/**
 * What a pod is to be.
 *
 * @param name its name, of one pod at a time; the host name inside as well
 * @param ports what is published on the host
 */
public record Pod(String name, List<HostPort> ports) {
    /** The Kubernetes namespace of all pods. */
    public static final String NAMESPACE = "testbed";

    /**
     * A port of the host that leads to one of the pod.
     *
     * @param protocol the CRI's number of the protocol
     * @param address the host's address; empty: all of them
     * @param host on the host
     * @param container in the pod
     */
    public record HostPort(int protocol, String address, int host, int container) {
        private static final int TCP = 0;
        private static final int UDP = 1;

        /** A TCP port on all addresses. */
        public static HostPort tcp(int host, int container) {
            return tcp("", host, container);
        }

        /** A TCP port on one address. */
        public static HostPort tcp(String address, int host, int container) {
            return new HostPort(TCP, address, host, container);
        }

        /** A UDP port on one address. */
        public static HostPort udp(String address, int host, int container) {
            return new HostPort(UDP, address, host, container);
        }

        private Message mapping() {
            return Message.EMPTY
                    .with(1, protocol)
                    .with(2, container)
                    .with(3, host)
                    .with(4, address);
        }
    }

    public Pod {
        ports = List.copyOf(ports);
    }

    /** A pod with these ports. */
    public static Pod of(String name, HostPort... ports) {
        return new Pod(name, List.of(ports));
    }

    /** A PodSandboxConfig. Without a folder of logs, containerd throws away what containers print. */
    Message configuration(String controlGroup) {
        Message metadata = Message.EMPTY.with(1, name).with(2, name + "-uid").with(3, NAMESPACE);
        Message configuration = Message.EMPTY.with(1, metadata).with(2, name);
        for (HostPort port : ports) {
            configuration = configuration.with(5, port.mapping());
        }
        // As the kubelet does it: processes are those of each container, everything else is the pod's (NamespaceMode).
        Message namespaces = Message.EMPTY.with(2, 1);
        Message linux = Message.EMPTY.with(1, controlGroup).with(2, Message.EMPTY.with(1, namespaces));
        return configuration.with(8, linux);
    }
}
