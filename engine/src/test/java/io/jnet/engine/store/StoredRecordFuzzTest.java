package io.jnet.engine.store;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.network.Network;

/** A stored record may be any bytes: all of a record, or one line that says which one cannot be read. */
class StoredRecordFuzzTest {
    @FuzzTest
    void isReadOrRefused(byte[] record) {
        RecordContract.check(record, StateIdentity.class);
        RecordContract.check(record, Network.class);
        RecordContract.check(record, Endpoint.class);
        RecordContract.check(record, ChangedSetting.class);
    }
}
