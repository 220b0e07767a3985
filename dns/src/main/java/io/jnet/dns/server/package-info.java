/** Other name servers: which ones there are. Values may be used by any thread. */
package io.jnet.dns.server;
