/** What a client is answered of names that are known here. Any thread may use it. */
package io.jnet.dns.answer;
