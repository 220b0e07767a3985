package io.jnet.ipam;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.ipam.pool.Pool;
import io.jnet.plugin.AnswerContract;
import io.jnet.plugin.DockerPlugin;
import io.jnet.plugin.Subsystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The body of any method may be any bytes: an answer, or a refusal in one line. There is a pool with a leased address; in the bodies its
 * identity, which is drawn, is {@value #STAND_IN}.
 */
class IpamRequestBodyFuzzTest {
    private static final String STAND_IN = "10.7.0.0/24@00000000";

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
    void isAnsweredOrRefused(byte[] body) {
        Pool pool = fixture.pool("10.7.0.0/24");
        try {
            fixture.take(pool.id(), "10.7.0.1", "other");
            Subsystem driver = IpamDriver.on(fixture.pools());
            AnswerContract.checkAll(new DockerPlugin(List.of(driver)), driver.routes(), with(pool, body));
        } finally {
            new ArrayList<>(fixture.pools().pools())
                    .forEach(report -> fixture.pools().releasePool(report.pool().id()));
        }
    }

    /** Byte by byte, so that what is no UTF-8 stays what it is. */
    private static byte[] with(Pool pool, byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1)
                .replace(STAND_IN, pool.id().value())
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
