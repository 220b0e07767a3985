/**
 * Messages as they travel (RFC 1035 section 4, RFC 6891): what each query needs, read and written without objects for records. What servers
 * answer is read by dnsjava. Values may be used by any thread; writers belong to one.
 */
package io.jnet.dns.message;
