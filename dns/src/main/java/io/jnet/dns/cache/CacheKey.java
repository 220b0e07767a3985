package io.jnet.dns.cache;

import io.jnet.dns.message.WireName;
import io.jnet.dns.server.ServerSet;

/**
 * What was asked of whom.
 *
 * @param servers who was asked: others may answer otherwise
 * @param name of which name
 * @param type for which type's number
 * @param dnssecOk whether signatures were wanted
 * @param checkingDisabled whether they were not to be checked
 */
public record CacheKey(ServerSet servers, WireName name, int type, boolean dnssecOk, boolean checkingDisabled) {}
