package io.jnet.engine.host;

import java.util.Optional;

/** The network namespaces of this boot that are still there, as far as this process can see. */
@FunctionalInterface
public interface LivingNamespaces {
    /**
     * By what a namespace is kept, for a person: {@code /proc/123/ns/net}, or the file that it is mounted on; empty when nothing is seen that
     * keeps it.
     *
     * @param key see {@link NamespaceKey}
     * @throws io.jnet.engine.failure.EngineException with {@code KERNEL} when the look fails
     */
    Optional<String> keeper(String key);
}
