package io.jnet.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Records of their text form. */
public final class Records {
    private Records() {}

    /** Reads lines as {@code web.test. 60 IN A 192.0.2.1}. */
    public static List<Record> of(String... lines) throws IOException {
        List<Record> records = new ArrayList<>();
        for (String line : lines) {
            try (Master master = new Master(new ByteArrayInputStream(line.getBytes(US_ASCII)), Name.root)) {
                records.add(master.nextRecord());
            }
        }
        return records;
    }

    /** Whether a record is of an authority section in these tests. */
    static boolean isAuthority(Record record) {
        return record.getType() == Type.SOA || record.getType() == Type.NS;
    }
}
