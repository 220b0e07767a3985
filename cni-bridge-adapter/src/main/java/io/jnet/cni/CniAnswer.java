package io.jnet.cni;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.cni.result.ResultWriter;
import java.util.Optional;

/**
 * What the plugin's executable does.
 *
 * @param status its exit status
 * @param output what it writes to standard output
 * @param failure why the call failed; empty when it did not, or that is not known here
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
public record CniAnswer(int status, byte[] output, Optional<CniException> failure) {
    private static final byte[] NOTHING = {};
    /** No exit status: first another plugin is to be called ({@code call.h}). */
    private static final int DELEGATE = 254;
    /** As that, with the container's interface there. */
    private static final int DELEGATE_WITH_INTERFACE = 252;
    /** First a file is to be read. */
    private static final int READ_FILE = 253;

    /** An answer of which no failure is known. */
    public CniAnswer(int status, byte[] output) {
        this(status, output, Optional.empty());
    }

    /** What a call is told that could not be tried: the plugin itself could not be opened. */
    public static CniAnswer tryAgain(String message) {
        return failure(SpecVersion.V1_0_0, new CniException(CniCode.TRY_AGAIN, message));
    }

    static CniAnswer success() {
        return new CniAnswer(0, NOTHING);
    }

    static CniAnswer success(byte[] result) {
        return new CniAnswer(0, result);
    }

    /**
     * The executable is to call a plugin for addresses with the same command, and on ADD to ask again with what it gives.
     *
     * @param plugin its name
     */
    static CniAnswer delegate(String plugin) {
        return new CniAnswer(DELEGATE, plugin.getBytes(US_ASCII));
    }

    /**
     * As {@link #delegate}, while the container has the interface: on DEL, and where the plugin gives nothing, the executable asks again with
     * nothing, and the interface goes.
     *
     * @param plugin its name
     */
    static CniAnswer delegateWithInterface(String plugin) {
        return new CniAnswer(DELEGATE_WITH_INTERFACE, plugin.getBytes(US_ASCII));
    }

    /**
     * The executable is to read a file, which its caller may see and the daemon not, and to ask again.
     *
     * @param path of the file
     */
    static CniAnswer readFile(String path) {
        return new CniAnswer(READ_FILE, path.getBytes(UTF_8));
    }

    static CniAnswer failure(SpecVersion version, CniException failure) {
        return new CniAnswer(
                1, ResultWriter.error(version, failure.code().number(), failure.getMessage()), Optional.of(failure));
    }
}
