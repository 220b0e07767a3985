package io.jnet.dns.answer;

import io.jnet.dns.message.Header;
import io.jnet.dns.message.Question;
import io.jnet.dns.message.Reply;
import io.jnet.dns.message.WireName;
import io.jnet.dns.name.Entry;
import io.jnet.dns.query.Query.Transport;
import io.jnet.engine.name.StaticRecord.ServiceLocation;
import java.nio.ByteBuffer;
import java.util.List;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * An answer of what is known here.
 *
 * @param serial a number that grows as what is known changes
 */
record LocalAnswer(Question question, Transport transport, long serial) {
    private static final int ADDRESS_4 = 4;
    private static final int ADDRESS_6 = 16;
    /** Priority, weight, port. */
    private static final int SERVICE = 6;

    /** That there is no such name, as a domain says. */
    ByteBuffer noName(Aliases aliases, WireName domain) {
        return nothing(aliases, domain, Rcode.NXDOMAIN);
    }

    /** What is known of the name at the aliases' end, as a domain says; an alias is known as one. */
    ByteBuffer known(Aliases aliases, Entry entry, WireName domain) {
        if (entry instanceof Entry.Host host) {
            return host(aliases, host, domain);
        }
        if (entry instanceof Entry.Alias alias && asks(Type.CNAME)) {
            return name(aliases, Type.CNAME, alias.ttl(), alias.target());
        }
        if (entry instanceof Entry.StaticAlias alias && asks(Type.CNAME)) {
            return name(aliases, Type.CNAME, alias.ttl(), alias.target());
        }
        if (entry instanceof Entry.Pointer pointer && asks(Type.PTR)) {
            return name(aliases, Type.PTR, pointer.ttl(), pointer.target());
        }
        return nothing(aliases, domain, Rcode.NOERROR);
    }

    private boolean asks(int type) {
        return question.type() == type || question.type() == Type.ANY;
    }

    private ByteBuffer host(Aliases aliases, Entry.Host host, WireName domain) {
        int room = aliases.room();
        room += asks(Type.A) ? host.ipv4().size() * Reply.room(ADDRESS_4) : 0;
        room += asks(Type.AAAA) ? host.ipv6().size() * Reply.room(ADDRESS_6) : 0;
        List<byte[]> services =
                asks(Type.SRV) ? host.services().stream().map(LocalAnswer::data).toList() : List.of();
        room += services.stream().mapToInt(data -> Reply.room(data.length)).sum();
        if (room == aliases.room()) {
            return nothing(aliases, domain, Rcode.NOERROR);
        }
        Reply reply = new Reply(question, transport, room);
        int at = aliases.writeTo(reply);
        if (asks(Type.A)) {
            host.ipv4().next(address -> reply.answer(at, Type.A, host.ttl(), address));
        }
        if (asks(Type.AAAA)) {
            host.ipv6().next(address -> reply.answer(at, Type.AAAA, host.ttl(), address));
        }
        services.forEach(data -> reply.answer(at, Type.SRV, host.ttl(), data));
        return reply.finish(Rcode.NOERROR, Header.AA);
    }

    /** RFC 2782: the target is not compressed. */
    private static byte[] data(ServiceLocation service) {
        WireName target = WireName.of(service.target());
        ByteBuffer data = ByteBuffer.allocate(SERVICE + target.length())
                .putShort((short) service.priority())
                .putShort((short) service.weight())
                .putShort((short) service.port());
        target.writeTo(data);
        return data.array();
    }

    private ByteBuffer name(Aliases aliases, int type, int ttl, WireName target) {
        Reply reply = new Reply(question, transport, aliases.room() + Reply.room(target.length()));
        reply.answer(aliases.writeTo(reply), type, ttl, target);
        return reply.finish(Rcode.NOERROR, Header.AA);
    }

    private ByteBuffer nothing(Aliases aliases, WireName domain, int rcode) {
        Reply reply = new Reply(question, transport, aliases.room() + Reply.roomOfNothing(domain));
        aliases.writeTo(reply);
        reply.nothingIn(domain, serial);
        return reply.finish(rcode, Header.AA);
    }
}
