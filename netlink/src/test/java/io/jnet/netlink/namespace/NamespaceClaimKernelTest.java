package io.jnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.namespace.NamespaceClaim.Holder;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import org.junit.jupiter.api.Test;

@KernelTest
class NamespaceClaimKernelTest {
    @Test
    void oneHasTheNameUntilItIsGivenBack() throws Exception {
        try (NamespaceClaim claim = NamespaceClaim.take("jnet-test", "a test").orElseThrow()) {
            assertThat(claim).isNotNull();
            assertThat(NamespaceClaim.take("jnet-test", "a test")).isEmpty();
            try (NamespaceClaim another =
                    NamespaceClaim.take("jnet-test-2", "a test").orElseThrow()) {
                assertThat(another).isNotNull();
            }
        }
        assertThat(NamespaceClaim.holder("jnet-test")).isEmpty();
        try (NamespaceClaim again = NamespaceClaim.take("jnet-test", "a test").orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void aNameIsOfItsNamespace() throws Exception {
        try (FreshNamespace other = FreshNamespace.create();
                NamespaceClaim here = NamespaceClaim.take("jnet-test", "a test").orElseThrow();
                NamespaceClaim there = other.call(
                        () -> NamespaceClaim.take("jnet-test", "a test").orElseThrow())) {
            assertThat(here).isNotSameAs(there);
        }
    }

    /** More often than connections may wait. */
    @Test
    void whoeverAsksLearnsWhoHasIt() {
        try (NamespaceClaim claim = NamespaceClaim.take("jnet-test", "a test").orElseThrow()) {
            assertThat(claim).isNotNull();
            for (int i = 0; i < 200; i++) {
                Holder holder = NamespaceClaim.holder("jnet-test").orElseThrow();
                assertThat(holder.credentials().processId())
                        .isEqualTo((int) ProcessHandle.current().pid());
                assertThat(holder.statement()).isEqualTo("a test");
            }
        }
    }
}
