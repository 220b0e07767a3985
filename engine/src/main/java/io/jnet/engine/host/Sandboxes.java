package io.jnet.engine.host;

/** The network namespaces of containers, by what their runtimes call them. */
@FunctionalInterface
public interface Sandboxes {

    /** Whether a container's namespace is still there, as far as that can be told; opens nothing, since the name is a runtime's word. */
    boolean isThere(String sandbox);
}
