package io.jnet.testbed.system;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * The lab of a class of tests, with jnet on its host and no runtime. Register it as a static field. A failed test is followed by what the
 * daemon logged.
 */
final class JnetLab implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final int LOG_TAIL = 6000;

    private Lab lab;
    private JnetDaemon jnet;

    @Override
    public void beforeAll(ExtensionContext context) {
        lab = Lab.open();
        try {
            jnet = JnetDaemon.start(lab.host());
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean failed = context.getExecutionException()
                .filter(cause -> !(cause instanceof TestAbortedException))
                .isPresent();
        if (failed) {
            String log = jnet.log();
            System.err.printf(
                    "%s failed.%n--- jnet%n%s%n",
                    context.getDisplayName(), log.substring(Math.max(0, log.length() - LOG_TAIL)));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        lab.close();
    }

    /** The network around. */
    Lab lab() {
        return lab;
    }

    /** The machine with jnet. */
    Machine host() {
        return lab.host();
    }

    /** The daemon under test. */
    JnetDaemon jnet() {
        return jnet;
    }
}
