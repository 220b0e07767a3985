/** What a listener hands on and what answers it. */
package io.jnet.dns.query;
