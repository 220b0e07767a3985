/**
 * Asking other servers. One thread waits for all of them; it keeps what is asked at the moment, and nobody else touches that. Who asks is called
 * back by it. A server is believed what it says from its own address and port, to the port and with the id that were chosen at random for this
 * question, about this question.
 */
package io.jnet.dns.forward;
