package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.ipam.pool.PoolSettings;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PoolOptionsTest {
    @Command
    private static final class Holder {
        @Mixin
        private PoolOptions pools;
    }

    @Test
    void eachFamilyHasItsDefault() {
        assertThat(settings()).isEqualTo(PoolSettings.DEFAULT);

        PoolSettings six = settings("--ipam-pool", "fd12::/48:64", "--ipam-exclude", "10.1.0.0/16");
        assertThat(six.sources())
                .extracting(source -> source.prefix() + ":" + source.length())
                .containsExactly("172.16.0.0/12:24", "192.168.0.0/16:24", "10.0.0.0/8:24", "fd12::/48:64");
        assertThat(six.excluded()).extracting(Object::toString).containsExactly("172.17.0.0/16", "10.1.0.0/16");

        PoolSettings four = settings("--ipam-pool", "10.99.0.0/16:24");
        assertThat(four.sources())
                .extracting(source -> source.prefix() + ":" + source.length())
                .containsExactly("10.99.0.0/16:24");
        assertThat(four.excluded()).isEmpty();
    }

    private static PoolSettings settings(String... arguments) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(arguments);
        return holder.pools.settings();
    }
}
