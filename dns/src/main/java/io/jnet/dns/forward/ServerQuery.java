package io.jnet.dns.forward;

import io.jnet.dns.cache.CacheKey;
import io.jnet.dns.message.Header;
import io.jnet.dns.message.Reply;
import io.jnet.dns.message.WireName;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * A query as it is sent to a server.
 *
 * @param id chosen at random
 * @param edns whether it says that longer answers are taken; some old servers do not answer such queries
 */
record ServerQuery(CacheKey key, int id, boolean edns) {
    private static final int TYPE_AND_CLASS = 4;
    private static final int OPT_LENGTH = 11;

    /** The message. Signatures are looked at by others: AD asks for what they found (RFC 6840 section 5.7). */
    ByteBuffer message() {
        WireName name = key.name();
        ByteBuffer message =
                ByteBuffer.allocate(Header.LENGTH + name.length() + TYPE_AND_CLASS + (edns ? OPT_LENGTH : 0));
        message.putShort((short) id);
        message.putShort((short) (Header.RD | Header.AD | (key.checkingDisabled() ? Header.CD : 0)));
        message.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) (edns ? 1 : 0));
        name.writeTo(message);
        message.putShort((short) key.type()).putShort((short) DClass.IN);
        if (edns) {
            message.put((byte) 0)
                    .putShort((short) Type.OPT)
                    .putShort((short) Reply.PAYLOAD)
                    .putShort((short) 0);
            message.putShort((short) (key.dnssecOk() ? ExtendedFlags.DO : 0)).putShort((short) 0);
        }
        return message.flip();
    }

    /** Whether a message answers this query; another one is somebody else's, or forged. */
    boolean isAnsweredBy(ByteBuffer message) {
        if (message.limit() < Header.LENGTH || (message.getShort(0) & 0xffff) != id) {
            return false;
        }
        int flags = message.getShort(Header.FLAGS);
        if ((flags & Header.QR) == 0 || (flags & Header.OPCODE) != 0) {
            return false;
        }
        int questions = message.getShort(Header.QUESTIONS);
        if (questions == 0) {
            // Servers that could not read the question do not repeat it; nothing but a refusal is believed so.
            int rcode = flags & Header.RCODE;
            return rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN;
        }
        Optional<WireName> name = WireName.read(message, Header.LENGTH);
        int typeAt = Header.LENGTH + key.name().length();
        return questions == 1
                && name.equals(Optional.of(key.name()))
                && message.limit() >= typeAt + TYPE_AND_CLASS
                && (message.getShort(typeAt) & 0xffff) == key.type()
                && message.getShort(typeAt + 2) == DClass.IN;
    }
}
