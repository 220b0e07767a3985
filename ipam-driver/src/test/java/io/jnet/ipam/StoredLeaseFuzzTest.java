package io.jnet.ipam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.store.RecordContract;
import io.jnet.engine.store.SideTable;
import io.jnet.ipam.lease.Lease;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolUsage;
import io.jnet.netlink.address.AddressFamily;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What is stored of pools and leases may be any bytes: all of a record, or one line that says which one cannot be read. */
class StoredLeaseFuzzTest {
    private static final byte[] LOCAL_PREFIX = "local prefix".getBytes(UTF_8);
    private static final byte[] ADDRESS = {10, 7, 0, 2};
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @TempDir
    private static Path folder;

    private static PoolFixture fixture;

    @BeforeAll
    static void open() {
        fixture = PoolFixture.open(folder);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @FuzzTest
    void isReadOrRefused(byte[] record) {
        RecordContract.check(record, Pool.class);
        RecordContract.check(record, Lease.class);
        RecordContract.check(record, PoolUsage.class);
        Pool pool = fixture.pool("10.7.0.0/24", "", true);
        put(SideTable.LEASE, key(pool, ADDRESS), record);
        put(SideTable.LEASE_ORDER, key(pool, new byte[] {'r', 0, 0, 0, 0, 0, 0, 0, 1}), record);
        put(SideTable.LEASE_OWNER, key(pool, "web".getBytes(UTF_8)), record);
        put(SideTable.POOL, LOCAL_PREFIX, record);
        try {
            assertTimeout(LONGEST, () -> use(pool));
        } finally {
            fixture.pools().releasePool(pool.id());
            fixture.store().write(state -> state.table(SideTable.POOL).remove(LOCAL_PREFIX));
        }
    }

    private static void use(Pool pool) {
        refusing(() -> fixture.take(pool.id(), "", "web"));
        refusing(() -> fixture.take(pool.id(), "10.7.0.2", ""));
        refusing(() -> fixture.pools().leasesAfter(Optional.empty()));
        refusing(() -> fixture.pools().leases());
        refusing(() -> fixture.pools().leased(pool.id(), "web"));
        refusing(() -> fixture.release(pool, "10.7.0.2"));
        refusing(() ->
                fixture.pools().releasePool(fixture.choose(AddressFamily.INET6).id()));
    }

    /** Damaged records among others: what they say may be refused, and what contradicts them too. */
    private static void refusing(Runnable use) {
        try {
            use.run();
        } catch (EngineException refused) {
            assertThat(refused.getMessage()).matches("[\\x20-\\x7e]{1,1000}");
            assertThat(refused.code()).isIn(ErrorCode.INTERNAL, ErrorCode.CONFLICT, ErrorCode.EXHAUSTED);
        }
    }

    private static void put(SideTable table, byte[] key, byte[] value) {
        fixture.store().write(state -> {
            state.table(table).put(key, value);
            return key;
        });
    }

    private static byte[] key(Pool pool, byte[] rest) {
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        key.writeBytes((pool.id() + " ").getBytes(UTF_8));
        key.writeBytes(rest);
        return key.toByteArray();
    }
}
