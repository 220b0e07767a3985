package io.jnet.netlink.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each test method of the class runs, with its set-up and tear-down methods, on a thread of its own in a fresh network namespace whose
 * {@code lo} is up. A test that passes must have removed every link that it made and closed every descriptor.
 *
 * <p>Without root the tests are skipped; when the environment variable {@code CI} is set they fail instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FreshNamespaceExtension.class)
public @interface KernelTest {}
