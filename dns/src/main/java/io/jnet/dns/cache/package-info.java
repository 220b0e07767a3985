/** What other servers answered, kept as long as they said and a little longer (RFC 2308, RFC 8767). May be used by any thread. */
package io.jnet.dns.cache;
