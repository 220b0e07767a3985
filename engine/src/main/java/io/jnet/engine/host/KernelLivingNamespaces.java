package io.jnet.engine.host;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Reasons;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.namespace.VisibleNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Looks into every network namespace that a process is in or that is mounted somewhere. One that only processes of another process namespace
 * are in is not seen, nor one that may not be entered.
 */
public final class KernelLivingNamespaces implements LivingNamespaces {
    @Override
    public Optional<String> keeper(String key) {
        try {
            return VisibleNamespaces.files().values().stream()
                    .flatMap(files -> keeper(files, key).stream())
                    .findFirst();
        } catch (IOException e) {
            throw new EngineException(ErrorCode.KERNEL, "cannot list network namespaces: " + Reasons.of(e), e);
        }
    }

    private static Optional<String> keeper(List<Path> files, String key) {
        for (Path file : files) {
            Optional<String> found = key(file);
            if (found.isPresent()) {
                return found.filter(key::equals).map(same -> file.toString());
            }
        }
        return Optional.empty();
    }

    /** Empty when the namespace has ended meanwhile, or may not be entered. */
    private static Optional<String> key(Path file) {
        try (NetworkNamespace namespace = NetworkNamespace.open(file)) {
            return Optional.of(namespace.get(NamespaceKey::current));
        } catch (KernelException goneOrForbidden) {
            return Optional.empty();
        }
    }
}
