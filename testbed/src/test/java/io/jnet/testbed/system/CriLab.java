package io.jnet.testbed.system;

import io.jnet.testbed.cri.Containerd;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.Lab;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The lab of a class of tests, with containerd and jnet on its host, and without Docker. Register it as a static field. After each test
 * all pods are removed; a failed test is followed by what the daemons logged.
 */
final class CriLab implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final int LOG_TAIL = 6000;

    private Lab lab;
    private JnetDaemon jnet;
    private Containerd containerd;

    @Override
    public void beforeAll(ExtensionContext context) {
        lab = Lab.open();
        try {
            jnet = JnetDaemon.start(lab.host());
            containerd = Containerd.start(lab.host(), lab.folder());
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.err.printf(
                    "%s failed.%n--- containerd%n%s%n--- jnet%n%s%n",
                    context.getDisplayName(), tail(containerd.log()), tail(jnet.log()));
        }
        for (String sandbox : containerd.client().pods()) {
            containerd.client().stopPod(sandbox);
            containerd.client().removePod(sandbox);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            containerd.close();
        } finally {
            lab.close();
        }
    }

    /** The network around. */
    Lab lab() {
        return lab;
    }

    /** The daemon under test. */
    JnetDaemon jnet() {
        return jnet;
    }

    /** The runtime. */
    Containerd containerd() {
        return containerd;
    }

    private static String tail(String log) {
        return log.substring(Math.max(0, log.length() - LOG_TAIL));
    }
}
