package io.jnet.cni.attachment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The identity that an attachment has as an endpoint: a function of what the spec says is unique, so that a DEL finds it whatever the
 * runtime has forgotten.
 */
final class AttachmentId {
    private static final String PREFIX = "cni-";
    private static final int DIGITS = 40;

    private AttachmentId() {}

    static EndpointId of(String network, String containerId, String interfaceName) {
        String text = network + " " + containerId + " " + interfaceName;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return new EndpointId(PREFIX + HexFormat.of().formatHex(digest).substring(0, DIGITS));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new EngineException(ErrorCode.INTERNAL, "no SHA-256", everyPlatformHasIt);
        }
    }

    /** Whether an endpoint was made for a CNI runtime. */
    static boolean isAttachment(Endpoint endpoint) {
        return endpoint.id().value().startsWith(PREFIX);
    }
}
