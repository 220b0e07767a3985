package io.jnet.dns.name;

import io.jnet.dns.message.WireName;

/** What is known of a name that a client asks for. */
public sealed interface Match {
    /**
     * The name is there.
     *
     * @param domain the domain that says so
     */
    record Known(Entry entry, WireName domain) implements Match {}

    /**
     * The name is not there, and nobody else is to be asked, unless the network has a server for names of just this part.
     *
     * @param domain the domain that says so
     * @param part the name, or a domain that it is in
     */
    record Unknown(WireName domain, WireName part) implements Match {}

    /** Somebody else's name. */
    record Outside() implements Match {}
}
