package io.jnet.cni;

import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.cni.result.ResultWriter;

/**
 * What the plugin's executable does.
 *
 * @param status its exit status
 * @param output what it writes to standard output
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
public record CniAnswer(int status, byte[] output) {
    private static final byte[] NOTHING = {};

    /** What a call is told that could not be tried: the plugin itself could not be opened. */
    public static CniAnswer tryAgain(String message) {
        return failure(ResultWriter.error(SpecVersion.V1_0_0, CniCode.TRY_AGAIN.number(), message));
    }

    static CniAnswer success() {
        return new CniAnswer(0, NOTHING);
    }

    static CniAnswer success(byte[] result) {
        return new CniAnswer(0, result);
    }

    static CniAnswer failure(byte[] error) {
        return new CniAnswer(1, error);
    }
}
