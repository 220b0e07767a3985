package io.jnet.netlink.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** The machinery of {@link KernelTest}. */
final class FreshNamespaceExtension
        implements ExecutionCondition, BeforeEachCallback, AfterEachCallback, InvocationInterceptor {
    private static final Namespace STORE = Namespace.create(FreshNamespaceExtension.class);
    private static final String FRESH = "namespace";
    private static final String DESCRIPTORS = "descriptors";
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long PAUSE_NANOS = 10_000_000;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (isRoot()) {
            return ConditionEvaluationResult.enabled("root");
        }
        if (System.getenv("CI") != null) {
            throw new IllegalStateException("kernel tests need root, and must not be skipped where CI is set");
        }
        return ConditionEvaluationResult.disabled("needs root");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        JdkDescriptors.open();
        FreshNamespace namespace = FreshNamespace.create();
        context.getStore(STORE).put(FRESH, namespace);
        // Once per virtual machine the JDK opens a socket pair for closing files; it is there after the first file was
        // read.
        context.getStore(STORE).put(DESCRIPTORS, FreshNamespace.openDescriptors());
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        inside(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        inside(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        inside(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        inside(invocation, context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try (FreshNamespace namespace = context.getStore(STORE).remove(FRESH, FreshNamespace.class)) {
            if (context.getExecutionException().isEmpty()) {
                namespace.assertNothingRemains();
                List<?> before = context.getStore(STORE).remove(DESCRIPTORS, List.class);
                List<Object> more = moreThan(before);
                // A thread that was told to end may be about to close its own.
                long end = System.nanoTime() + PATIENCE_NANOS;
                while (!more.isEmpty() && System.nanoTime() < end) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                    more = moreThan(before);
                }
                assertThat(more).as("sockets and namespaces left open").isEmpty();
            }
        }
    }

    private static List<Object> moreThan(List<?> before) {
        // What other tests have left to be closed may go meanwhile.
        List<Object> more = new ArrayList<>(FreshNamespace.openDescriptors());
        before.forEach(more::remove);
        return more;
    }

    /** By the owner of this process: a user name is missing in many containers. */
    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void inside(Invocation<Void> invocation, ExtensionContext context) {
        context.getStore(STORE).get(FRESH, FreshNamespace.class).call(() -> {
            try {
                return invocation.proceed();
            } catch (Exception | Error failure) {
                throw failure;
            } catch (Throwable failure) {
                throw new AssertionError(failure);
            }
        });
    }
}
